using Mayu.Core.Boot;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Netboot.Tests.Dnsmasq;

/// <summary>Lines as dnsmasq 2.90 wrote them while real clients asked it.</summary>
public class DnsmasqLogTests
{
    private static readonly MacAddress Mac = MacAddress.TryParse("02:00:00:00:00:02", out var mac) ? mac : default;

    private readonly FakeCluster _cluster = new();
    private readonly BootTrace _trace = new(new StoppedClock());

    [Fact]
    public void A_boot_leaves_the_marks_that_the_builtin_server_leaves()
    {
        Read("""
            dnsmasq-dhcp[7]: 1940466528 available DHCP range: 10.77.0.50 -- 10.77.0.60
            dnsmasq-dhcp[7]: 1940466528 vendor class: PXEClient:Arch:00007:UNDI:003001
            dnsmasq-dhcp[7]: 1940466528 DHCPDISCOVER(br0) 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 1940466528 tags: served, loader, pxe, file-1, br0
            dnsmasq-dhcp[7]: 1940466528 DHCPOFFER(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 1940466528 requested options: 1:netmask, 3:router, 6:dns-server, 12:hostname, 
            dnsmasq-dhcp[7]: 1940466528 bootfile name: ipxe.efi
            dnsmasq-dhcp[7]: 1940466528 next server: 10.77.0.1
            dnsmasq-dhcp[7]: 1940466528 vendor class: PXEClient:Arch:00007:UNDI:003001
            dnsmasq-dhcp[7]: 1940466528 DHCPREQUEST(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 1940466528 DHCPACK(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 1940466528 requested options: 1:netmask, 3:router, 6:dns-server, 12:hostname, 
            dnsmasq-dhcp[7]: 1940466528 bootfile name: ipxe.efi
            dnsmasq-dhcp[7]: 1940466528 next server: 10.77.0.1
            dnsmasq-tftp[7]: sent /nowhere/tftp/ipxe.efi to 10.77.0.56
            dnsmasq-tftp[7]: file /nowhere/tftp/autoexec.ipxe not found for 10.77.0.56
            dnsmasq-tftp[7]: file /nowhere/tftp/mine not found for 10.77.0.56
            dnsmasq-dhcp[7]: 925007165 vendor class: PXEClient:Arch:00007:UNDI:003001
            dnsmasq-dhcp[7]: 925007165 user class: iPXE
            dnsmasq-dhcp[7]: 925007165 DHCPDISCOVER(br0) 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 925007165 DHCPOFFER(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 925007165 requested options: 67:bootfile-name, 175
            dnsmasq-dhcp[7]: 925007165 next server: 10.77.0.1
            dnsmasq-dhcp[7]: 925007165 sent size:  4 option: 54 server-identifier  10.77.0.1
            dnsmasq-dhcp[7]: 925007165 sent size: 37 option: 67 bootfile-name  http://10.77.0.1:4081/ipxebootscript
            """);

        Assert.Equal(
            [
                "discover PXE firmware, architecture 7",
                "offer 10.77.0.56, told to load ipxe.efi",
                "request PXE firmware, architecture 7 asks for 10.77.0.56",
                "ack 10.77.0.56, told to load ipxe.efi",
                "file ipxe.efi by TFTP",
                "file \"mine\" by TFTP: no such file",
                "discover iPXE, architecture 7",
                "offer 10.77.0.56, told to load http://10.77.0.1:4081/ipxebootscript",
            ],
            Marks());
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
                "discover PXE firmware, architecture 11",
                "silent there is no boot loader for PXE firmware, architecture 11",
                "discover PXE firmware, architecture 11",
                "silent the test says LocalDisk",
            ],
            Marks());
    }

    [Fact]
    public void A_full_pool_a_refusal_and_an_address_that_is_in_use_are_told()
    {
        Read("""
            dnsmasq-dhcp[7]: 1 DHCPDISCOVER(br0) 02:00:00:00:00:02 no address available
            dnsmasq-dhcp[7]: 2 DHCPNAK(br0) 10.9.9.9 02:00:00:00:00:02 wrong network
            dnsmasq-dhcp[7]: 3 DHCPDECLINE(br0) 10.77.0.56 02:00:00:00:00:02 
            dnsmasq-dhcp[7]: 4 DHCPRELEASE(br0) 10.77.0.56 02:00:00:00:00:02 
            """);

        Assert.Equal(
            [
                "discover an operating system",
                "failed dnsmasq gave no address: no address available",
                "nak 10.9.9.9 was refused: wrong network",
                "decline it declined 10.77.0.56: another device on the network has that address",
                "release it gave 10.77.0.56 back",
            ],
            Marks());
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

        Assert.Equal(["failed ipxe.efi by TFTP: it fell silent"], Marks());
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

        Assert.Equal(["discover PXE firmware, architecture 7", "offer 10.77.0.56"], Marks());
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
        var addresses = new ClientAddresses();
        var sizes = new QuirkedBlockSizes(addresses);
        var log = new DnsmasqLog("/nowhere/tftp", _cluster, _trace, NullLogger<DnsmasqLog>.Instance) { BlockSizes = new TaggedBlockSizes(pxe, sizes) };
        addresses.Ask(log.FindClient);

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

        Assert.Equal(1024, sizes.MaximumBlockSize(new Ipv4(0x0A4D0038)));
        Assert.Null(sizes.MaximumBlockSize(new Ipv4(0x0A4D0039)));
    }

    [Fact]
    public void What_mayu_itself_asks_is_no_hop_of_a_boot()
    {
        Read(
            "dnsmasq-dhcp[7]: 5 DHCPDISCOVER(br0) 02:00:00:00:00:02 ignored",
            new DnsmasqLog("/nowhere/tftp", _cluster, _trace, NullLogger<DnsmasqLog>.Instance) { OwnMacs = [Mac] });

        Assert.Null(_trace.Find(Mac));
    }

    private void Read(string lines, string root = "/nowhere/tftp") =>
        Read(lines, new DnsmasqLog(root, _cluster, _trace, NullLogger<DnsmasqLog>.Instance));

    private static void Read(string lines, DnsmasqLog log)
    {
        foreach (var line in lines.Split('\n'))
        {
            log.Read(DnsmasqLogLine.Parse(line));
        }
    }

    private IEnumerable<string> Marks() => _trace.Find(Mac)!.Hops.Select(hop => $"{hop.Name} {hop.Detail}");
}
