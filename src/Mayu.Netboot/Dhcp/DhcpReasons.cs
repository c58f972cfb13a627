using Mayu.Core.Boot;
using Mayu.Netboot.Leases;

namespace Mayu.Netboot.Dhcp;

/// <summary>What the marks of DHCP say. They are put into words when somebody reads them: a flood of packets that are refused makes no garbage.</summary>
internal static class DhcpReasons
{
    public static readonly HopPhrase Asks = (in HopDetail detail) => $"{detail.Text} asks for {detail.Address}";

    public static readonly HopPhrase Refused = (in HopDetail detail) => $"{detail.Address} was refused: {detail.Reason}";

    public static readonly HopPhrase Declined = (in HopDetail detail) => $"it declined {detail.Address}: another device on the network has that address";

    public static readonly HopPhrase Released = (in HopDetail detail) => $"it released {detail.Address}";

    public static readonly HopPhrase InUse = (in HopDetail detail) =>
        $"{detail.Address} is in use ({detail.Text}): it is not offered for {LeasePool.HoldTime.TotalMinutes:0} minutes";

    public static readonly HopPhrase TookAnotherOffer = (in HopDetail detail) => $"it took the offer of another DHCP server, {detail.Address}";

    public static readonly HopPhrase NotOfThePool = (in HopDetail detail) =>
        $"{detail.Address} is not in the pool {detail.Text} and may belong to another DHCP server";

    public static readonly HopPhrase LinkOfNobody = (in HopDetail detail) =>
        $"its relay {detail.Other} selects the subnet of {detail.Address} (option 82, link selection), which is not a subnet of this interface";

    public static readonly HopPhrase NoLink = (in HopDetail detail) =>
        $"its relay {detail.Other} sends a link selection (option 82) that is not an address";

    public static readonly HopPhrase SelectedOfNobody = (in HopDetail detail) =>
        $"it requests the subnet of {detail.Address} (option 118), which is not a subnet of this interface";

    public static readonly HopPhrase SelectsByItself = (in HopDetail detail) =>
        $"it requests the subnet of {detail.Address} (option 118) but is not in it: without a relay a client cannot choose another subnet";

    public static readonly HopPhrase RelayOfSeveral = (in HopDetail detail) =>
        $"its relay {detail.Address} serves several subnets and does not select one (option 82, link selection)";
}
