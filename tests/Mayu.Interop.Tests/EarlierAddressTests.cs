using System.Net;
using Mayu.Interop.Tests.Beside;
using Mayu.Interop.Tests.Network;
using Mayu.Protocols.Dhcp;

namespace Mayu.Interop.Tests;

/// <summary>
/// The server's interface has another address before `network.address`, by which the kernel would speak: in the same subnet, or in another. What leaves
/// leaves from `network.address`.
/// </summary>
public sealed class EarlierAddressTests
{
    private const string SameSubnet = "10.77.0.250";
    private const string OtherSubnet = "10.99.0.1";
    private static readonly IPAddress Own = new([10, 77, 0, 1]);

    [Theory]
    [InlineData(SameSubnet)]
    [InlineData(OtherSubnet)]
    public async Task Offers_acks_renewals_and_files_leave_from_network_address(string earlier)
    {
        TestNetwork.NeedRoot();
        await using var wire = await StartAsync(earlier, isRelayed: false, "engine: builtin");
        await using var capture = await Capture.StartAsync(wire.Segment.Client, "eth0", "udp");
        var udhcpc = new Udhcpc(wire.Segment.Client, wire.Mayu.Folder, takesAddress: true);
        await using var client = await RunningProgram.StartAsync(
            wire.Segment.Client, "server=", "udhcpc", "-f", "-n", "-i", "eth0", "-t", "5", "-T", "2", "-s", udhcpc.Script);
        var address = Udhcpc.AddressIn(client.Log.Split('\n').Single(line => line.StartsWith("ip=", StringComparison.Ordinal)));

        await client.SignalAsync("USR1");
        await capture.SeesAsync($"10.77.0.1.67 > {address}.68");
        await wire.Segment.ClientAsync("curl", "-sS", "--max-time", "20", "-o", "/dev/null", "tftp://10.77.0.1/ipxe.efi");

        Assert.Contains("10.77.0.1.67 > 255.255.255.255.68", capture.Seen, StringComparison.Ordinal);
        Assert.Contains("server=10.77.0.1 ", client.Log, StringComparison.Ordinal);
        Assert.DoesNotContain($"{earlier}.", capture.Seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SameSubnet)]
    [InlineData(OtherSubnet)]
    public async Task Answers_to_relays_and_questions_behind_them_leave_from_network_address(string earlier)
    {
        TestNetwork.NeedRoot();
        await using var wire = await StartAsync(earlier, isRelayed: true, "engine: builtin");
        await using var capture = await Capture.StartAsync(wire.Segment.Relay, "up0", "udp or icmp");
        await using var relay = await RunningProgram.StartAsync(
            wire.Segment.Relay, "Sending on", "dhcrelay", "-4", "-d", "-id", "down0", "-iu", "up0", "10.77.0.1");
        var udhcpc = new Udhcpc(wire.Segment.Client, wire.Mayu.Folder, takesAddress: false);

        Assert.Contains(" server=10.77.0.1 ", await udhcpc.LeaseAsync("eth0", "02:77:00:00:00:01"), StringComparison.Ordinal);

        await capture.SeesAsync("10.77.0.1.67 > 10.78.0.1.67");
        await capture.SeesAsync("ICMP echo request");
        Assert.Contains("10.77.0.1 > 10.78.0.", capture.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain($"{earlier} > ", capture.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain($"{earlier}.67 ", capture.Seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SameSubnet)]
    [InlineData(OtherSubnet)]
    public async Task A_proxys_offers_and_port_4011_answer_from_network_address(string earlier)
    {
        TestNetwork.NeedRoot();
        await using var wire = await StartAsync(earlier, isRelayed: false, "dhcp: { mode: proxy }");
        await using var capture = await Capture.StartAsync(wire.Segment.Client, "eth0", "udp");
        using var firmware = new PxeClient(wire.Segment, [2, 0, 0, 6, 0, 1], PxeClient.Firmware(7));

        var offer = await firmware.DiscoverAsync(answer => answer.Type == DhcpMessageType.Offer);
        Assert.Equal(Own, offer.Server);
        await wire.Segment.ClientAsync("ip", "address", "add", "10.77.0.77/24", "dev", "eth0");
        var ack = await firmware.AskBootServerAsync(new IPAddress([10, 77, 0, 77]), offer.Server);
        Assert.Equal((offer.Server, "snponly.efi"), (ack.Server, ack.File));

        await capture.SeesAsync("10.77.0.1.4011 > 10.77.0.77.4011");
        await capture.SeesAsync("10.77.0.1.67 > 255.255.255.255.68");
        Assert.DoesNotContain($"{earlier}.", capture.Seen, StringComparison.Ordinal);
    }

    // A host that drops what comes from an address that it knows no way to would else seem not to be there.
    [Theory]
    [InlineData("builtin")]
    [InlineData("dnsmasq")]
    public async Task The_question_for_other_servers_leaves_from_network_address(string engine)
    {
        TestNetwork.NeedRoot();
        await using var wire = await StartAsync(OtherSubnet, isRelayed: false, $"engine: {engine}\ndhcp: {{ mode: auto, auto_interval: 1s }}");
        await using var capture = await Capture.StartAsync(wire.Segment.Client, "eth0", "udp dst port 67");

        await capture.SeesAsync("10.77.0.1.68 > 255.255.255.255.67");
        Assert.DoesNotContain($"{OtherSubnet}.", capture.Seen, StringComparison.Ordinal);
    }

    // Where they leave from is not dnsmasq's to choose, and the log says so.
    [Theory]
    [InlineData(SameSubnet, "server", false)]
    [InlineData(SameSubnet, "server", true)]
    [InlineData(SameSubnet, "proxy", false)]
    [InlineData(OtherSubnet, "server", false)]
    [InlineData(OtherSubnet, "server", true)]
    public async Task Dnsmasq_calls_itself_by_network_address_and_mayu_warns_of_where_its_answers_leave_from(string earlier, string mode, bool isRelayed)
    {
        TestNetwork.NeedRoot();
        await using var wire = await StartAsync(earlier, isRelayed, $"engine: dnsmasq\ndhcp: {{ mode: {mode} }}");
        await using var relay = !isRelayed ? null : await RunningProgram.StartAsync(
            wire.Segment.Relay, "Sending on", "dhcrelay", "-4", "-d", "-id", "down0", "-iu", "up0", "10.77.0.1");
        using var firmware = new PxeClient(wire.Segment, [2, 0, 0, 6, 0, 2], PxeClient.Firmware(7));

        var offer = await firmware.DiscoverAsync(answer => answer.Type == DhcpMessageType.Offer);

        Assert.Equal((Own, mode == "server"), (offer.Server, offer.HasAddress));
        await wire.Mayu.PrintsAsync($"br0 has the address {earlier} before 10.77.0.1: dnsmasq sends 10.77.0.1 as its address (option 54)");
        if (mode == "server")
        {
            Assert.Equal(DhcpMessageType.Ack, (await firmware.RequestAsync(offer)).Type);
        }
    }

    [Fact]
    public async Task A_client_gets_its_identifier_back_and_firmware_a_nul_behind_the_file()
    {
        TestNetwork.NeedRoot();
        await using var wire = await StartAsync(SameSubnet, isRelayed: false, "engine: builtin");
        await using var capture = await Capture.StartAsync(wire.Segment.Client, "eth0", "udp src port 67");
        var udhcpc = new Udhcpc(wire.Segment.Client, wire.Mayu.Folder, takesAddress: false);

        var lease = await udhcpc.LeaseAsync("eth0", "02:77:00:00:00:02", "-V", "PXEClient:Arch:00007:UNDI:003001", "-x", "0x5d:0007", "-x", "0x3d:ff01020304050607");

        Assert.Contains(" file=snponly.efi ", lease, StringComparison.Ordinal);
        await capture.SeesAsync("DHCP-Message (53), length 1: ACK");
        await capture.SeesAsync("Client-ID (61), length 8: ");
        await capture.SeesAsync("BF (67), length 12: \"snponly.efi^@\"");
        await capture.SeesAsync("TFTP (66), length 10: \"10.77.0.1^@\"");
    }

    private static async Task<MayuOnSegment> StartAsync(string earlier, bool isRelayed, string more)
    {
        var wire = await MayuOnSegment.PrepareAsync(
            $$"""
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.70 }
              internal_range: { start: 10.77.0.10, end: 10.77.0.30 }
              {{(isRelayed ? "relayed: [{ subnet: 10.78.0.0/24, relays: [10.78.0.1], bootstrap_range: { start: 10.78.0.50, end: 10.78.0.70 } }]" : "")}}
            defaults: { image: none }
            {{more}}
            """,
            isRelayed);
        await TestNetwork.IpAsync(wire.Segment.Mayu, "address", "flush", "dev", "br0");
        await TestNetwork.IpAsync(wire.Segment.Mayu, "address", "add", $"{earlier}/24", "dev", "br0");
        await TestNetwork.IpAsync(wire.Segment.Mayu, "address", "add", "10.77.0.1/24", "dev", "br0");
        if (isRelayed)
        {
            // It went with the addresses.
            await TestNetwork.IpAsync(wire.Segment.Mayu, "route", "replace", "10.78.0.0/24", "via", "10.77.0.3");
        }

        // dnsmasq runs as a user of its own.
        await ProgramRun.OrFailAsync("chmod", "755", wire.Mayu.Folder);
        await wire.Mayu.StartUntilAsync(more.Contains("dnsmasq", StringComparison.Ordinal) ? "dnsmasq answers" : ": ready");
        return wire;
    }
}
