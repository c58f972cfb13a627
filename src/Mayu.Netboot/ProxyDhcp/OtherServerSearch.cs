using System.Collections.Frozen;
using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.DhcpSockets;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.ProxyDhcp;

/// <summary>
/// Asks once which other DHCP servers there are, for an operator who wants to know: a DHCPDISCOVER that no REQUEST follows, so that no lease is taken.
/// </summary>
internal static class OtherServerSearch
{
    private const int ServerPort = 67;
    private const int ClientPort = 68;

    // Somebody may make names up.
    private const int MostServers = 16;

    // Once one has answered, the others do so soon or not at all.
    private static readonly TimeSpan AfterFirst = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks, and waits for answers.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="own">Our own addresses: what they say is no other server's.</param>
    /// <param name="patience">How long it is waited. A server may ask on the wire whether an address is free before it offers it: dnsmasq takes 3 s for that.</param>
    /// <param name="clock">Runs the wait.</param>
    /// <param name="logger">The log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Those that answered, by address; or why it could not be asked, as a sentence.</returns>
    public static async Task<(IReadOnlyList<Ipv4> Servers, string? Problem)> AskAsync(
        BootInterface nic, FrozenSet<Ipv4> own, TimeSpan patience, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        if (DhcpDiscovery.On(nic, own) is not { } discovery)
        {
            return ([], $"\"{nic.Name}\" is not an Ethernet interface");
        }

        if (!UdpSocket.TryOpen(nic, IPAddress.Any, ClientPort, "the search for other DHCP servers", out var socket, out var problem, shared: true))
        {
            return ([], problem);
        }

        using (socket)
        {
            // As a frame: a broadcast from a UDP socket would come to our own DHCP server, too.
            using var frames = FrameSocket.Open(nic, DhcpReply.MaximumLength * 2, logger);
            return frames is null ? ([], "sending frames is not allowed (CAP_NET_RAW)")
                : Send(socket, nic, discovery, frames) is var error && error != 0 ? ([], $"nothing can be sent on \"{nic.Name}\": {new Win32Exception(error).Message}")
                : (await HearAsync(socket, discovery, patience, clock, cancellationToken), null);
        }
    }

    private static int Send(Socket socket, BootInterface nic, DhcpDiscovery discovery, FrameSocket frames)
    {
        using var batch = new DhcpSendBatch(nic.Address, ClientPort, frames);
        batch.Add(new DhcpReply(discovery.Write(batch.Next), Ipv4.Broadcast, ServerPort));
        return batch.Send((int)socket.SafeHandle.DangerousGetHandle());
    }

    private static async Task<IReadOnlyList<Ipv4>> HearAsync(Socket socket, DhcpDiscovery discovery, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        var servers = new SortedSet<Ipv4>();
        var datagram = new byte[DhcpPacket.MaximumSize + 1];
        var sender = WireAddress.Create();
        using var end = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        try
        {
            while (true)
            {
                var length = await socket.ReceiveFromAsync(datagram.AsMemory(), SocketFlags.None, sender, either.Token);
                if (discovery.TryReadServer(datagram.AsSpan(0, length), out var server) && servers.Count < MostServers && servers.Add(server) && servers.Count == 1)
                {
                    end.CancelAfter(AfterFirst);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [.. servers];
        }
    }
}
