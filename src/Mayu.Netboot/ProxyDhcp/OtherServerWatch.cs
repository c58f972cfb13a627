using System.Collections.Frozen;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.DhcpSockets;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.ProxyDhcp;

/// <summary>
/// Looks for other DHCP servers on one interface: asks with a DHCPDISCOVER now and then, and hears what others broadcast to
/// their clients (port 68). It tells <see cref="AutoMode"/>, which decides.
/// </summary>
/// <param name="socket">Port 68.</param>
/// <param name="nic">The interface.</param>
/// <param name="discovery">The question.</param>
/// <param name="mode">Who is told.</param>
/// <param name="clock">Runs the pauses.</param>
/// <param name="logger">The log.</param>
internal sealed partial class OtherServerWatch(
    Socket socket, BootInterface nic, DhcpDiscovery discovery, AutoMode mode, TimeProvider clock, ILogger<OtherServerWatch> logger) : IDisposable
{
    private const int ServerPort = 67;
    private const int ClientPort = 68;

    // A pause is up to a fifth shorter or longer than it is set: two that ask at the same moments would give way to each other again and again.
    private const int ShortestPart = 800;
    private const int LongestPart = 1200;

    // A server may ask on the wire whether an address is free before it offers it: dnsmasq takes 3 s for that.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    private volatile bool _heard;

    /// <summary>Who is told.</summary>
    public AutoMode Mode => mode;

    /// <summary>The question that it asks, which is nobody's to answer here.</summary>
    public DhcpDiscovery Discovery => discovery;

    /// <summary>Takes port 68, beside other programs. <see cref="RunAsync"/> begins to look.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="own">Our own addresses: what they say is no other server's.</param>
    /// <param name="mode">Who is told.</param>
    /// <param name="clock">Runs the pauses.</param>
    /// <param name="logger">The log.</param>
    /// <param name="watch">The watch.</param>
    /// <param name="problem">Why not, as a sentence that names the thing; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, FrozenSet<Ipv4> own, AutoMode mode, TimeProvider clock, ILogger<OtherServerWatch> logger,
        [NotNullWhen(true)] out OtherServerWatch? watch, [NotNullWhen(false)] out string? problem)
    {
        watch = null;
        if (DhcpDiscovery.On(nic, own) is not { } discovery)
        {
            problem = $"dhcp.mode auto: \"{nic.Name}\" is not an Ethernet interface, so Mayu cannot look for other DHCP servers there. Set it to server or proxy.";
            return false;
        }

        if (!UdpSocket.TryOpen(nic, IPAddress.Any, ClientPort, "dhcp.mode auto", out var socket, out problem, shared: true))
        {
            return false;
        }

        watch = new OtherServerWatch(socket, nic, discovery, mode, clock, logger);
        return true;
    }

    /// <summary>Looks until the token ends it.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(ListenAsync(cancellationToken), AskAsync(cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        LogAsking(nic.Name);
        var question = new byte[DhcpPacketWriter.MinimumSize];
        var length = discovery.Write(question);
        // From our own address: a strict host drops what comes from one that it knows no way to, and would seem not to be there.
        // And as a frame: whoever fills the kernel's neighbour table must not have the other servers seem to be gone.
        using var frames = FrameSocket.Open(nic, DhcpReply.MaximumLength * 2, logger);
        using var batch = new DhcpSendBatch(nic.Address, ClientPort, frames);
        while (!cancellationToken.IsCancellationRequested)
        {
            _heard = false;
            var asked = TrySend(question.AsSpan(0, length), batch);
            var isFirst = !mode.GivesAddresses && mode.Others.Count == 0;
            var pause = isFirst ? FirstPause : mode.Interval * (RandomNumberGenerator.GetInt32(ShortestPart, LongestPart) / 1000.0);
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (asked && !_heard && !cancellationToken.IsCancellationRequested && mode.Unanswered())
            {
                LogGivesAddresses(nic.Name);
            }
        }
    }

    private bool TrySend(ReadOnlySpan<byte> question, DhcpSendBatch batch)
    {
        question.CopyTo(batch.Next);
        batch.Add(new DhcpReply(question.Length, Ipv4.Broadcast, ServerPort));
        var error = batch.Send((int)socket.SafeHandle.DangerousGetHandle());
        if (error != 0)
        {
            // The interface is down: there is nobody to ask, and nobody who would be given addresses.
            LogSocketError(nic.Name, new Win32Exception(error).Message);
        }

        return error == 0;
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var datagram = new byte[DhcpPacket.MaximumSize + 1];
        var sender = WireAddress.Create();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var length = await socket.ReceiveFromAsync(datagram.AsMemory(), SocketFlags.None, sender, cancellationToken);
                if (discovery.TryReadServer(datagram.AsSpan(0, length), out var server))
                {
                    _heard = true;
                    if (mode.Heard(server))
                    {
                        LogOther(server, nic.Name);
                    }
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException exception)
            {
                LogSocketError(nic.Name, exception.Message);
                await Task.Delay(PauseAfterError, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "dhcp.mode auto: looking for other DHCP servers on {Interface}; Mayu gives no addresses until it knows")]
    private partial void LogAsking(string @interface);

    [LoggerMessage(Level = LogLevel.Information, Message = "dhcp.mode auto: no other DHCP server answers on {Interface}: Mayu gives addresses")]
    private partial void LogGivesAddresses(string @interface);

    [LoggerMessage(Level = LogLevel.Warning, Message = "dhcp.mode auto: another DHCP server, {Server}, answers on {Interface}: Mayu gives no addresses and sends only the boot file (proxyDHCP)")]
    private partial void LogOther(Ipv4 server, string @interface);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Port 68 on {Interface}: {Error}")]
    private partial void LogSocketError(string @interface, string error);
}
