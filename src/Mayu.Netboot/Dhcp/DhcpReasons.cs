using Mayu.Core.Boot;
using Mayu.Netboot.Leases;

namespace Mayu.Netboot.Dhcp;

/// <summary>What the marks of DHCP say. They are put into words when somebody reads them: a flood of packets that are refused makes no garbage.</summary>
internal static class DhcpReasons
{
    public static readonly HopPhrase Asks = (in HopDetail detail) => $"{detail.Text} asks for {detail.Address}";

    public static readonly HopPhrase Refused = (in HopDetail detail) => $"{detail.Address} was refused: {detail.Reason}";

    public static readonly HopPhrase Declined = (in HopDetail detail) => $"it declined {detail.Address}: another device on the network has that address";

    public static readonly HopPhrase Released = (in HopDetail detail) => $"it gave {detail.Address} back";

    public static readonly HopPhrase InUse = (in HopDetail detail) =>
        $"{detail.Address} is in use ({detail.Text}): it is left alone for {LeasePool.HoldTime.TotalMinutes:0} minutes";

    public static readonly HopPhrase TookAnotherOffer = (in HopDetail detail) => $"it took the offer of another DHCP server, {detail.Address}";

    public static readonly HopPhrase NotOfThePool = (in HopDetail detail) =>
        $"{detail.Address} is not of the pool {detail.Text}, and may be another DHCP server's";

    public static readonly HopPhrase LinkOfNobody = (in HopDetail detail) =>
        $"its relay {detail.Other} says that it is in the subnet of {detail.Address} (option 82, link selection), and no subnet of this interface has that";

    public static readonly HopPhrase NoLink = (in HopDetail detail) =>
        $"its relay {detail.Other} says by link selection (option 82) which subnet it is in, but not with an address";

    public static readonly HopPhrase SelectedOfNobody = (in HopDetail detail) =>
        $"it wants an address of the subnet of {detail.Address} (option 118), and no subnet of this interface has that";

    public static readonly HopPhrase SelectsByItself = (in HopDetail detail) =>
        $"it wants an address of the subnet of {detail.Address} (option 118), and is not in it: without a relay nobody chooses another subnet than his own";

    public static readonly HopPhrase RelayOfSeveral = (in HopDetail detail) =>
        $"its relay {detail.Address} speaks for several subnets, and does not say which one it is in (option 82, link selection)";
}
