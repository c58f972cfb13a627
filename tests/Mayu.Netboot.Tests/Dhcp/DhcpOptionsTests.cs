using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Leases;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>What the operator set: further options, reservations, clients that are ignored.</summary>
public class DhcpOptionsTests
{
    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);
    private static readonly Ipv4 Reserved = Ipv4.Of(10, 0, 0, 50);
    private static readonly DhcpSubnet Settings = DhcpResponderTests.SettingsOf(Server, Reserved, Ipv4.Of(10, 0, 0, 51));
    private static readonly (DhcpOptionCode, byte[]) NoRequest = (DhcpOptionCode.ParameterRequestList, [1, 3]);

    [Fact]
    public void An_option_is_told_to_clients_that_ask_for_it_or_ask_for_nothing_in_particular()
    {
        var network = new ServedNetwork(Settings with { Dhcp = Settings.Dhcp with { Options = [Of(150, [1, 2, 3, 4])] } });

        network.Send(Discover(1));
        Assert.Equal("01020304", network.Hex(150));
        network.Send(Discover(1, (DhcpOptionCode.ParameterRequestList, [1, 150])));
        Assert.Equal("01020304", network.Hex(150));
        network.Send(Discover(1, NoRequest));
        Assert.Equal("", network.Hex(150));
    }

    [Fact]
    public void An_option_that_is_always_told_waits_for_no_question()
    {
        var network = new ServedNetwork(Settings with { Dhcp = Settings.Dhcp with { Options = [Of(150, [7]) with { Always = true }] } });

        network.Send(Discover(1, NoRequest));
        Assert.Equal("07", network.Hex(150));
        network.Send(Request(1, DhcpMessageType.Inform, Ipv4.Of(10, 0, 0, 9), NoRequest));
        Assert.Equal("07", network.Hex(150));
    }

    [Fact]
    public void A_vendors_clients_are_told_its_own_value_and_others_the_common_one()
    {
        ImmutableArray<DhcpOptionSetting> subnet = [Of(43, [1])];
        ImmutableArray<DhcpOptionSetting> common = [Of(43, [9]), Of(43, [2]) with { VendorClass = [.. "acme"u8] }];
        var network = new ServedNetwork(Settings with { Dhcp = Settings.Dhcp with { Options = DhcpOptionSetting.InOrder(subnet, common) } });

        network.Send(Discover(1));
        Assert.Equal("01", network.Hex(43));

        network = new ServedNetwork(Settings with { Dhcp = Settings.Dhcp with { Options = DhcpOptionSetting.InOrder([], common) } });
        network.Send(Discover(1, (DhcpOptionCode.VendorClassIdentifier, [.. "acme phone"u8])));
        Assert.Equal("02", network.Hex(43));
        network.Send(Discover(1, (DhcpOptionCode.VendorClassIdentifier, [.. "other"u8])));
        Assert.Equal("09", network.Hex(43));
    }

    [Fact]
    public void What_a_boot_loader_needs_stands_before_the_operators_value()
    {
        var network = new ServedNetwork(Settings with { Dhcp = Settings.Dhcp with { Options = [Of(43, [9]), Of(67, [.. "other.efi"u8])] } });

        network.Send(Discover(1, Pxe(7)));

        Assert.Equal("060108FF", network.Hex(43));
        Assert.Equal(Convert.ToHexString("snponly.efi\0"u8), network.Hex(67));
    }

    [Fact]
    public void A_client_with_a_reservation_gets_its_address_and_name_and_nobody_else_does()
    {
        var network = new ServedNetwork(Settings with { Dhcp = Settings.Dhcp with { Reservations = [new DhcpReservation(ServedNetwork.MacOf(1), Reserved, "printer")] } });

        Assert.Equal(Ipv4.Of(10, 0, 0, 51), network.Bind(2));
        Assert.False(network.Send(Discover(3)));
        Assert.Equal(Reserved, network.Bind(1));
        Assert.Equal(Convert.ToHexString("printer"u8), network.Hex(12));
        Assert.Equal(ServedNetwork.MacOf(1), network.Clients.Find(Reserved));
    }

    [Fact]
    public void A_reserved_address_is_refused_to_others_and_another_address_to_its_client()
    {
        var network = new ServedNetwork(Settings with { Dhcp = Settings.Dhcp with { Reservations = [new DhcpReservation(ServedNetwork.MacOf(1), Reserved, Hostname: null)] } });

        Assert.True(network.Send(Request(2, DhcpMessageType.Request, Option(50, Reserved))));
        Assert.Equal(DhcpMessageType.Nak, network.Answer.MessageType);
        Assert.True(network.Send(Request(1, DhcpMessageType.Request, Option(50, Ipv4.Of(10, 0, 0, 51)))));
        Assert.Equal(DhcpMessageType.Nak, network.Answer.MessageType);
        Assert.Equal("", network.Hex(12));
    }

    [Fact]
    public void A_client_that_is_to_be_ignored_hears_nothing_and_leaves_no_mark()
    {
        var network = new ServedNetwork(Settings with { Dhcp = Settings.Dhcp with { Ignored = new[] { ServedNetwork.MacOf(1) }.ToFrozenSet() } });

        Assert.False(network.Send(Discover(1, Pxe(7))));
        Assert.False(network.Send(Request(1, DhcpMessageType.None)));
        Assert.False(network.Send(Request(1, DhcpMessageType.Inform, Ipv4.Of(10, 0, 0, 9))));
        Assert.Null(network.Trace.Find(ServedNetwork.MacOf(1)));
        Assert.True(network.Send(Discover(2, Pxe(7))));
    }

    private static DhcpOptionSetting Of(byte code, byte[] value) => new((DhcpOptionCode)code, [.. value]);
}
