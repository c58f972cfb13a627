using Mayu.Core.Boot;

namespace Mayu.Server.Dhcp;

/// <summary>What the marks of the DHCP server say. They are put into words when somebody reads them: a flood of packets that are refused makes no garbage.</summary>
internal static class DhcpPhrases
{
    public static readonly HopPhrase Asks = (in HopDetail detail) => $"{detail.Text} asks for {detail.Address}";

    public static readonly HopPhrase Refused = (in HopDetail detail) => $"{detail.Address} was refused: {detail.Reason}";

    public static readonly HopPhrase Declined = (in HopDetail detail) => $"it declined {detail.Address}: another device on the network has that address";

    public static readonly HopPhrase InUse = (in HopDetail detail) =>
        $"{detail.Address} is in use ({detail.Text}): it is left alone for {LeasePool.HoldTime.TotalMinutes:0} minutes";

    public static readonly HopPhrase TookAnotherOffer = (in HopDetail detail) => $"it took the offer of another DHCP server, {detail.Address}";

    public static readonly HopPhrase NotOfThePool = (in HopDetail detail) =>
        $"{detail.Address} is not of the pool {detail.Text}, and may be another DHCP server's";
}
