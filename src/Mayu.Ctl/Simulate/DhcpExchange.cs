using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Ctl.Simulate;

/// <summary>
/// A client's DHCP over a real socket: DISCOVER, offers, REQUEST, ACK; the offer of a proxy beside it; and port 4011, where EDK2 asks it. Lost
/// packets are sent again as RFC 2131 §4.1 has it.
/// </summary>
/// <param name="network">The interface.</param>
/// <param name="log">Where each hop is noted.</param>
/// <param name="patience">How long an answer may take.</param>
/// <param name="waitsForProxy">Whether an offer with a boot file is not enough: a proxy's is waited for.</param>
internal sealed class DhcpExchange(BootNetwork network, HopLog log, TimeSpan patience, bool waitsForProxy)
{
    private const int ServerPort = 67;
    private const int ClientPort = 68;
    private const int BootServerPort = 4011;
    private const int DefaultPrefix = 24;
    private const int MostOffers = 32;

    // How long EDK2 and iPXE wait for a proxy beside an offer of an address, and somewhat.
    private static readonly TimeSpan ForProxy = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>The client gets an address, and what it is to load.</summary>
    /// <exception cref="SimulationFailure">It does not.</exception>
    public async Task<BootLease> LeaseAsync(BootClient client, CancellationToken cancellation)
    {
        using var socket = network.OpenUdp(IPAddress.Any, ClientPort);
        var transaction = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
        var packet = new byte[BootClientWriter.Size];
        var length = BootClientWriter.WriteDiscover(packet, client, transaction);
        log.Add("discover", $"{Describe(client)}, MAC {client.HardwareAddress}");
        var (offer, proxy) = await OffersAsync(socket, client, transaction, packet.AsMemory(0, length), cancellation);

        length = BootClientWriter.WriteRequest(packet, client, transaction, offer.Address, offer.Server);
        log.Begin();
        var ack = await AskAsync(socket, client, transaction, packet.AsMemory(0, length), new IPEndPoint(IPAddress.Broadcast, ServerPort),
            answer => answer.Type is DhcpMessageType.Ack or DhcpMessageType.Nak && (answer.Server.IsAny || answer.Server == offer.Server), cancellation)
            ?? throw new SimulationFailure("ack", $"{offer.Server} offered {offer.Address} and did not answer the REQUEST within {patience.TotalSeconds:0.#} s", "its log says why");
        if (ack.Type == DhcpMessageType.Nak)
        {
            throw new SimulationFailure("ack", $"{ack.Server} refused {offer.Address}: {(ack.Message.Length > 0 ? ack.Message : "no reason")}", "its log says why");
        }

        log.End("ack", $"{ack.Address} from {ack.Server}{(ack.LeaseSeconds is { } lease ? $", lease {lease} s" : "")}{Told(ack)}");
        await network.TakeAsync(ack.Address.ToIPAddress(), ack.PrefixLength ?? DefaultPrefix, cancellation);
        var told = proxy ?? ack;
        if (client.Kind != PxeClientKind.Plain && told is { IsPxe: true, HasVendorOptions: false } && (told.BootFile.Length == 0 || client.Kind == PxeClientKind.Pxe))
        {
            told = await AskBootServerAsync(client, transaction, told, cancellation) ?? told;
        }

        return new BootLease(ack, told);
    }

    /// <summary>The client gives its address back: a simulated machine has no further use for it.</summary>
    public void Release(BootClient client, BootLease lease)
    {
        var packet = new byte[BootClientWriter.Size];
        var length = BootClientWriter.WriteRelease(packet, client, 1, lease.Ack.Address, lease.Ack.Server);
        using var socket = network.OpenUdp(network.Address, ClientPort);
        try
        {
            socket.SendTo(packet.AsSpan(0, length), new IPEndPoint(lease.Ack.Server.ToIPAddress(), ServerPort));
        }
        catch (SocketException)
        {
            // The lease runs out by itself.
        }
    }

    private async Task<(DhcpAnswer Offer, DhcpAnswer? Proxy)> OffersAsync(
        Socket socket, BootClient client, uint transaction, ReadOnlyMemory<byte> discover, CancellationToken cancellation)
    {
        DhcpAnswer? offer = null, proxy = null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ended.CancelAfter(patience);
        log.Begin();
        var sending = RepeatAsync(socket, discover, new IPEndPoint(IPAddress.Broadcast, ServerPort), ended.Token);
        try
        {
            for (var count = 0; count < MostOffers && !IsEnough(offer, proxy);)
            {
                var answer = await ReceiveAsync(socket, client, transaction, ended.Token);
                if (answer.Type is not DhcpMessageType.Offer)
                {
                    continue;
                }

                count++;
                if (answer.IsProxy && answer.IsHttp == (client.Kind == PxeClientKind.HttpBoot) && proxy is null)
                {
                    proxy = answer;
                    log.End("proxy", $"from {answer.Server}{Told(answer)}");
                }
                else if (!answer.Address.IsAny && offer is null)
                {
                    offer = answer;
                    log.End("offer", $"{answer.Address} from {answer.Server}{Told(answer)}");
                    // Retransmissions are over; a proxy has a moment more.
                    ended.CancelAfter(ForProxy);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Whoever wanted to answer did.
        }
        finally
        {
            await ended.CancelAsync();
            await sending;
        }

        if (offer is null)
        {
            throw new SimulationFailure(
                "offer", $"nobody offered an address within {patience.TotalSeconds:0.#} s{(proxy is null ? "" : "; only a proxy answered")}",
                proxy is not null ? "the DHCP server that gives the addresses beside that proxy is down, does not hear this interface, or has no address left"
                : $"either no DHCP server hears this interface, or it leaves this client alone on purpose: mayuctl explain {client.HardwareAddress}; mayuctl trace {client.HardwareAddress}")
            {
                IsSilence = proxy is null,
            };
        }

        if (waitsForProxy && proxy is null)
        {
            throw new SimulationFailure("proxy", "an address was offered, and no proxy answered beside it", $"mayuctl explain {client.HardwareAddress} --loader pxe") { IsSilence = offer.BootFile.Length == 0 };
        }

        return (offer, proxy);
    }

    private bool IsEnough(DhcpAnswer? offer, DhcpAnswer? proxy) =>
        offer is not null && (proxy is not null || (offer.BootFile.Length > 0 && !waitsForProxy));

    private async Task<DhcpAnswer?> AskBootServerAsync(BootClient client, uint transaction, DhcpAnswer told, CancellationToken cancellation)
    {
        var server = told.NextServer.IsAny ? told.Server : told.NextServer;
        using var socket = network.OpenUdp(network.Address, BootServerPort);
        var packet = new byte[BootClientWriter.Size];
        var length = BootClientWriter.WriteBootServerRequest(packet, client, transaction, Ipv4.From(network.Address));
        log.Begin();
        var answer = await AskAsync(socket, client, transaction, packet.AsMemory(0, length), new IPEndPoint(server.ToIPAddress(), BootServerPort),
            answer => answer.Type == DhcpMessageType.Ack, cancellation);
        if (answer is not null)
        {
            log.End("proxy", $"port 4011 of {server}{Told(answer)}");
            return answer;
        }

        return told.BootFile.Length > 0
            ? null
            : throw new SimulationFailure("proxy", $"port 4011 of {server} did not answer within {patience.TotalSeconds:0.#} s", "option 60 PXEClient without option 43 sends firmware there");
    }

    private async Task<DhcpAnswer?> AskAsync(
        Socket socket, BootClient client, uint transaction, ReadOnlyMemory<byte> packet, IPEndPoint server, Func<DhcpAnswer, bool> isIt, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ended.CancelAfter(patience);
        var sending = RepeatAsync(socket, packet, server, ended.Token);
        try
        {
            while (true)
            {
                var answer = await ReceiveAsync(socket, client, transaction, ended.Token);
                if (isIt(answer))
                {
                    return answer;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await ended.CancelAsync();
            await sending;
        }
    }

    // Ends with the token, which whoever waits for the answer ends.
    private static async Task RepeatAsync(Socket socket, ReadOnlyMemory<byte> packet, IPEndPoint server, CancellationToken ended)
    {
        for (var pause = FirstPause; !ended.IsCancellationRequested; pause *= 2)
        {
            try
            {
                await socket.SendToAsync(packet, server, ended);
            }
            catch (SocketException)
            {
                // The link may be down for a moment.
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<DhcpAnswer> ReceiveAsync(Socket socket, BootClient client, uint transaction, CancellationToken ended)
    {
        var buffer = new byte[DhcpPacket.MaximumSize];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, SocketFlags.None, ended);
            if (DhcpAnswer.TryRead(buffer.AsSpan(0, length), transaction, client.HardwareAddress, out var answer))
            {
                return answer;
            }
        }
    }

    private static string Told(DhcpAnswer answer) => answer.BootFile.Length == 0 ? ""
        : answer.NextServer.IsAny || answer.BootFile.Contains("://", StringComparison.Ordinal) ? $", boot file {answer.BootFile}"
        : $", boot file {answer.BootFile} from {answer.NextServer}";

    private static string Describe(BootClient client) => client.Kind switch
    {
        PxeClientKind.Ipxe => $"iPXE, {ClientArchitectureName.Of(client.Architecture)}",
        PxeClientKind.HttpBoot => $"UEFI HTTP boot, {ClientArchitectureName.Of(client.Architecture)}",
        PxeClientKind.Plain => "an operating system",
        _ => $"PXE firmware, {ClientArchitectureName.Of(client.Architecture)}",
    };
}
