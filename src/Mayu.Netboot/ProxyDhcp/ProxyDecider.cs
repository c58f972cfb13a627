using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Leases;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.ProxyDhcp;

/// <summary>
/// Decides what a boot loader is told beside another DHCP server (PXE specification 2.1 §2.2). Operating systems are not its clients: they are not
/// answered and leave no mark. Safe from any thread.
/// </summary>
/// <param name="subnet">The interface's own subnet. A boot file does not depend on the subnet.</param>
/// <param name="answers">The planner.</param>
internal sealed class ProxyDecider(DhcpSubnet subnet, IBootAnswers answers)
{
    private static readonly HopPhrase Taken = (in HopDetail detail) =>
        $"boot file sent; takes {detail.Address} from the DHCP server {detail.Other}";

    private static readonly HopPhrase OnBootServerPort = (in HopDetail detail) => $"boot file {detail.Text} on port 4011; it has {detail.Address}";

    private readonly Ipv4 _server = subnet.Network.ServerAddress;
    private readonly BootFileChoice _bootFiles = new(subnet.Pxe, subnet.BootUrl);

    /// <summary>Whether it is a client of a proxy. U-Boot knows none: it might take an offer without an address for its lease.</summary>
    public static bool Serves(in DhcpClient client) => client.Loader.IsNetworkBoot && client.Loader.Kind != PxeClientKind.UBoot;

    /// <summary>Decides about a packet on port 67.</summary>
    /// <returns>Its address is the one that the client takes from the other server, if it says so.</returns>
    public DhcpDecision Decide(in DhcpClient client) => client.Request.MessageType switch
    {
        DhcpMessageType.Discover => OnDiscover(client),
        DhcpMessageType.Request => OnRequest(client),
        _ => default,
    };

    /// <summary>Decides about a packet on port 4011: the REQUEST of a client that got its address, and wants to know what to load.</summary>
    /// <param name="client">The client.</param>
    /// <param name="sender">Its address.</param>
    public DhcpDecision DecideAsBootServer(in DhcpClient client, Ipv4 sender)
    {
        if (client.Request.MessageType is not (DhcpMessageType.Request or DhcpMessageType.Inform)
            || (client.Request.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server) && server != _server))
        {
            return default;
        }

        var (start, answer) = Identify(client);
        var decision = Choose(client, answer, start with { Address = sender });
        return decision.Kind == DhcpDecisionKind.Proxy
            ? decision with { Reason = new HopDetail(OnBootServerPort) { Text = decision.File!.Name, Address = sender } }
            : decision;
    }

    private DhcpDecision OnDiscover(in DhcpClient client)
    {
        var (start, answer) = Identify(client);
        return Choose(client, answer, start.Asks(HopKind.Discover, client.Description));
    }

    // A loader that takes an offer says to everybody whose it is and what the address is.
    private DhcpDecision OnRequest(in DhcpClient client)
    {
        if (!client.Request.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server) || server == _server
            || !client.Request.TryGetAddress(DhcpOptionCode.RequestedAddress, out var address) || address.IsAny)
        {
            return default;
        }

        var (start, answer) = Identify(client);
        start = start with { Address = address };
        return answer.IsSilence ? start
            : start with { Hop = HopKind.Proxy, Reason = new HopDetail(Taken) { Address = address, Other = server } };
    }

    private DhcpDecision Choose(in DhcpClient client, BootAnswer answer, in DhcpDecision start)
    {
        if (answer.IsSilence)
        {
            return start.Silent(answer.Reason);
        }

        return _bootFiles.TryChoose(client.Mac, client.Loader, out var file, out var refusal) ? start.Proxy(file, HopDetail.Lease(default, file?.Name)) : start.Silent(refusal!);
    }

    private (DhcpDecision Start, BootAnswer Answer) Identify(in DhcpClient client)
    {
        var (serial, answer) = answers.AnswerFor(client.Mac, client.Loader.Uuid);
        return (new DhcpDecision(DhcpDecisionKind.None) { Client = new LeaseClient(client.Mac), Serial = serial, Xid = client.Request.TransactionId }, answer);
    }
}
