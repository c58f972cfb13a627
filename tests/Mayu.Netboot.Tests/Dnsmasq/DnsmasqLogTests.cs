using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;
using Microsoft.Extensions.Logging.Abstractions;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dnsmasq;

/// <summary>Lines as dnsmasq 2.90 wrote them while real clients asked it.</summary>
public class DnsmasqLogTests
{
    private static readonly MacAddress Mac = MacAddress.TryParse("02:00:00:00:00:02", out var mac) ? mac : default;

    private static readonly Ipv4 Server = Ipv4.Of(10, 77, 0, 1);
    private static readonly Ipv4 Address = Ipv4.Of(10, 77, 0, 56);
    private static readonly DhcpSubnet Builtin = DhcpResponderTests.SettingsOf(Server, Address, Address) with
    {
        BootUrl = "http://10.77.0.1:4081",
        Network = new NetworkPlan
        {
            Subnet = Ipv4Subnet.TryParse("10.77.0.0/24", out var subnet) ? subnet! : throw new InvalidOperationException(),
            ServerAddress = Server,
            BootstrapRange = new Ipv4Range(Address, Address),
        },
    };

    private readonly FakeCluster _cluster = new();
    private readonly StoppedClock _clock = new();
    private readonly BootTrace _trace;
    private readonly ClientTable _clients;

    public DnsmasqLogTests() => (_trace, _clients) = (new BootTrace(_clock), new ClientTable(_cluster, _clock));

    [Fact]
    public void A_boot_leaves_the_marks_that_the_builtin_server_leaves()
    {
        AssertAsBuiltin(
            [
                Discover(2, Pxe(7)),
                Request(2, DhcpMessageType.Request, Pxe(7), Option(54, Server), Option(50, Address)),
                Discover(2, Ipxe),
                Request(2, DhcpMessageType.Request, Ipxe, Option(54, Server), Option(50, Address)),
                Request(2, DhcpMessageType.Request, Address),
            ],
            """
            dnsmasq-dhcp[7]: 1940466528 available DHCP range: 10.77.0.50 -- 10.77.0.60
            dnsmasq-dhcp[7]: 1940466528 vendor class: PXEClient:Arch:00007:UNDI:003001
            dnsmasq-dhcp[7]: 1940466528 DHCPDISCOVER(br0) 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 1940466528 tags: served, loader, pxe, file-1, br0
            dnsmasq-dhcp[7]: 1940466528 DHCPOFFER(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 1940466528 requested options: 1:netmask, 3:router, 6:dns-server, 12:hostname, 
            dnsmasq-dhcp[7]: 1940466528 bootfile name: snponly.efi
            dnsmasq-dhcp[7]: 1940466528 next server: 10.77.0.1
            dnsmasq-dhcp[7]: 1940466528 vendor class: PXEClient:Arch:00007:UNDI:003001
            dnsmasq-dhcp[7]: 1940466528 DHCPREQUEST(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 1940466528 DHCPACK(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 1940466528 requested options: 1:netmask, 3:router, 6:dns-server, 12:hostname, 
            dnsmasq-dhcp[7]: 1940466528 bootfile name: snponly.efi
            dnsmasq-dhcp[7]: 1940466528 next server: 10.77.0.1
            dnsmasq-dhcp[7]: 925007165 vendor class: PXEClient:Arch:00007:UNDI:003001
            dnsmasq-dhcp[7]: 925007165 user class: iPXE
            dnsmasq-dhcp[7]: 925007165 DHCPDISCOVER(br0) 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 925007165 DHCPOFFER(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 925007165 requested options: 67:bootfile-name, 175
            dnsmasq-dhcp[7]: 925007165 next server: 10.77.0.1
            dnsmasq-dhcp[7]: 925007165 sent size:  4 option: 54 server-identifier  10.77.0.1
            dnsmasq-dhcp[7]: 925007165 sent size: 37 option: 67 bootfile-name  http://10.77.0.1:4081/ipxebootscript
            dnsmasq-dhcp[7]: 925007165 vendor class: PXEClient:Arch:00007:UNDI:003001
            dnsmasq-dhcp[7]: 925007165 user class: iPXE
            dnsmasq-dhcp[7]: 925007165 DHCPREQUEST(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 925007165 DHCPACK(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 925007165 next server: 10.77.0.1
            dnsmasq-dhcp[7]: 925007165 sent size: 37 option: 67 bootfile-name  http://10.77.0.1:4081/ipxebootscript
            dnsmasq-dhcp[7]: 925007166 DHCPREQUEST(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 925007166 DHCPACK(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 925007166 next server: 10.77.0.1
            """,
            hops: 8);
    }

    [Fact]
    public void A_refusal_a_declined_and_a_released_address_leave_the_marks_that_the_builtin_server_leaves()
    {
        AssertAsBuiltin(
            [
                Discover(2),
                Request(2, DhcpMessageType.Request, Option(54, Server), Option(50, Ipv4.Of(10, 9, 9, 9))),
                Request(2, DhcpMessageType.Release, Address, Option(54, Server)),
                Request(2, DhcpMessageType.Release, Ipv4.Of(10, 77, 0, 200), Option(54, Server)),
                Request(2, DhcpMessageType.Decline, Option(54, Server), Option(50, Address)),
            ],
            """
            dnsmasq-dhcp[7]: 2 DHCPDISCOVER(br0) 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 2 DHCPOFFER(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 2 next server: 10.77.0.1
            dnsmasq-dhcp[7]: 2 DHCPREQUEST(br0) 10.9.9.9 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 2 DHCPNAK(br0) 10.9.9.9 02:00:00:00:00:02 wrong network
            dnsmasq-dhcp[7]: 3 DHCPRELEASE(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 3 DHCPRELEASE(br0) 10.77.0.200 02:00:00:00:00:02 unknown lease
            dnsmasq-dhcp[7]: 4 DHCPDECLINE(br0) 10.77.0.56 02:00:00:00:00:02 
            """,
            hops: 6);
    }

    [Fact]
    public void Firmware_that_no_loader_is_for_leaves_the_marks_that_the_builtin_server_leaves()
    {
        AssertAsBuiltin(
            [Discover(2, (DhcpOptionCode.VendorClassIdentifier, [.. "PXEClient:Arch:00033:UNDI:003001"u8]))],
            """
            dnsmasq-dhcp[7]: 3048318815 vendor class: PXEClient:Arch:00033:UNDI:003001
            dnsmasq-dhcp[7]: 3048318815 DHCPDISCOVER(br0) 02:00:00:00:00:02 ignored
            """,
            hops: 2);
    }

    [Fact]
    public void Files_that_its_tftp_sent_or_did_not_find_are_marked()
    {
        Read("""
            dnsmasq-dhcp[7]: 5 DHCPACK(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-tftp[7]: sent /nowhere/tftp/ipxe.efi to 10.77.0.56
            dnsmasq-tftp[7]: file /nowhere/tftp/autoexec.ipxe not found for 10.77.0.56
            dnsmasq-tftp[7]: file /nowhere/tftp/mine not found for 10.77.0.56
            """);

        Assert.Equal(["file ipxe.efi by TFTP", "file \"mine\" by TFTP: no such file"], Marks());
    }

    [Fact]
    public void Silence_has_the_reason_of_the_boot_answer()
    {
        const string Ignored = """
            dnsmasq-dhcp[7]: 3048318815 vendor class: PXEClient:Arch:00011:UNDI:003001
            dnsmasq-dhcp[7]: 3048318815 DHCPDISCOVER(br0) 02:00:00:00:00:02 ignored
            """;
        Read(Ignored);
        _cluster.Kind = BootAnswerKind.LocalDisk;
        Read(Ignored);

        Assert.Equal(
            [
                "discover PXE firmware, uefi-arm64",
                "silent there is no boot loader for its architecture 11 (uefi-arm64)",
                "discover PXE firmware, uefi-arm64",
                "silent the test says LocalDisk",
            ],
            Marks());
    }

    [Fact]
    public void A_full_pool_is_told()
    {
        Read("dnsmasq-dhcp[7]: 1 DHCPDISCOVER(br0) 02:00:00:00:00:02 no address available");

        Assert.Equal(["discover an operating system", "failed dnsmasq gave no address: no address available"], Marks());
    }

    [Fact]
    public void An_address_is_its_clients_until_the_lease_ends_or_it_gives_it_back()
    {
        var log = NewLog(subnets: [Builtin]);
        Read("""
            dnsmasq-dhcp[7]: 1 DHCPACK(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 2 DHCPACK(br0) 10.77.0.57 02:00:00:00:00:03 
            dnsmasq-dhcp[7]: 3 DHCPRELEASE(br0) 10.77.0.57 02:00:00:00:00:03 
            """, log);

        Assert.Equal(Mac, _clients.Find(Address));
        Assert.Null(_clients.Find(new Ipv4(Address.Value + 1)));
        _clock.Pass(Builtin.Network.LeaseTime);
        Assert.Null(_clients.Find(Address));
    }

    [Fact]
    public void A_renewal_is_no_hop_and_still_tells_whose_address_it_is()
    {
        Read("""
            dnsmasq-dhcp[7]: 5 vendor class: udhcp 1.35.0
            dnsmasq-dhcp[7]: 5 DHCPREQUEST(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 5 DHCPACK(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 5 next server: 10.77.0.1
            dnsmasq-tftp[7]: failed sending /nowhere/tftp/ipxe.efi to 10.77.0.56
            """);

        Assert.Equal(["failed ipxe.efi by TFTP: the client stopped answering"], Marks());
    }

    [Fact]
    public void An_answer_without_a_boot_file_is_told_when_the_next_packet_comes()
    {
        Read("""
            dnsmasq-dhcp[7]: 5 vendor class: PXEClient:Arch:00007:UNDI:003001
            dnsmasq-dhcp[7]: 5 DHCPDISCOVER(br0) 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 5 DHCPOFFER(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 5 next server: 10.77.0.1
            dnsmasq-dhcp[7]: 6 vendor class: udhcp 1.35.0
            """);

        Assert.Equal(["discover PXE firmware, uefi-x64", "offer 10.77.0.56"], Marks());
    }

    // The exception ended the reading of the log, and with it the watch over dnsmasq.
    [Fact]
    public void A_file_that_is_gone_when_its_size_is_asked_for_is_told_without_it()
    {
        var root = Directory.CreateTempSubdirectory("mayu-dnsmasq-").FullName;
        File.CreateSymbolicLink(Path.Combine(root, "gone"), Path.Combine(root, "nowhere"));
        try
        {
            Read($"""
                dnsmasq-dhcp[7]: 5 DHCPACK(br0) 10.77.0.56 02:00:00:00:00:02 
                dnsmasq-tftp[7]: sent {root}/gone to 10.77.0.56
                dnsmasq-tftp[7]: sent {root}/never-was to 10.77.0.56
                """, root);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        Assert.Equal(["file gone by TFTP", "file never-was by TFTP"], Marks());
    }

    [Fact]
    public void A_class_of_one_packet_is_not_taken_for_that_of_the_next()
    {
        Read("""
            dnsmasq-dhcp[7]: 5 vendor class: PXEClient:Arch:00007:UNDI:003001
            dnsmasq-dhcp[7]: 6 DHCPDISCOVER(br0) 02:00:00:00:00:02 
            """);

        Assert.Equal(["discover an operating system"], Marks());
    }

    [Fact]
    public void The_tag_of_a_quirk_tells_how_large_the_blocks_of_that_client_may_be()
    {
        var pxe = new PxeSettings { Quirks = [new PxeQuirk { Oui = 1, Treat = ClientArchitecture.UefiX64 }, new PxeQuirk { Oui = 2, MaximumBlockSize = 1024 }] };
        var log = NewLog(blockSizes: new TaggedBlockSizes(pxe, _clients));

        Read("""
            dnsmasq-dhcp[7]: 1 DHCPREQUEST(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 1 tags: served, quirk, quirk-1, br0
            dnsmasq-dhcp[7]: 1 DHCPACK(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 2 DHCPREQUEST(br0) 10.77.0.57 02:00:00:00:00:03 
            dnsmasq-dhcp[7]: 3 tags: served, quirk, quirk-1, br0
            dnsmasq-dhcp[7]: 2 tags: served, quirk, quirk-0, br0
            dnsmasq-dhcp[7]: 2 DHCPACK(br0) 10.77.0.57 02:00:00:00:00:03 
            dnsmasq-dhcp[7]: 4 vendor class: udhcp 1.35.0
            """, log);

        Assert.Equal(1024, _clients.MaximumBlockSize(new Ipv4(0x0A4D0038)));
        Assert.Null(_clients.MaximumBlockSize(new Ipv4(0x0A4D0039)));
    }

    [Fact]
    public void What_mayu_itself_asks_is_no_hop_of_a_boot()
    {
        Read(
            "dnsmasq-dhcp[7]: 5 DHCPDISCOVER(br0) 02:00:00:00:00:02 ignored",
            NewLog(own: [Mac]));

        Assert.Null(_trace.Find(Mac));
    }

    private void Read(string lines, string root = "/nowhere/tftp") =>
        Read(lines, NewLog(root));

    private static void Read(string lines, DnsmasqLog log)
    {
        foreach (var line in lines.Split('\n'))
        {
            log.Read(DnsmasqLogLine.Parse(line));
        }
    }

    private DnsmasqLog NewLog(
        string root = "/nowhere/tftp", ImmutableArray<DhcpSubnet>? subnets = null, TaggedBlockSizes? blockSizes = null, IEnumerable<MacAddress>? own = null) =>
        new(root, _cluster, _trace, _clients, NullLogger<DnsmasqLog>.Instance) { Subnets = subnets ?? [], BlockSizes = blockSizes, OwnMacs = [.. own ?? []] };

    // Why an address is refused each server says in its own words.
    private void AssertAsBuiltin(byte[][] packets, string lines, int hops)
    {
        var network = new ServedNetwork(Builtin);
        foreach (var packet in packets)
        {
            network.Send(packet);
        }

        Read(lines);

        var marks = network.Trace.Find(Mac)!.Hops;
        Assert.Equal(hops, marks.Length);
        Assert.Equal(Marks(marks), Marks(_trace.Find(Mac)!.Hops));

        static IEnumerable<string> Marks(IEnumerable<Hop> hops) => hops.Select(hop => $"{hop.Name} {(hop.Kind == HopKind.Nak ? hop.Detail.Split(':')[0] : hop.Detail)}");
    }

    private IEnumerable<string> Marks() => _trace.Find(Mac)!.Hops.Select(hop => $"{hop.Name} {hop.Detail}");
}
