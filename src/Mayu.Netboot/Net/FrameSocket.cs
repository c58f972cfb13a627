using System.Net.Sockets;
using Mayu.Linux.Sockets;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Net;

/// <summary>
/// Sends IPv4 packets on an interface to a MAC. They need no entry of the kernel's neighbour table, which a flood of made-up senders may have
/// filled: then the kernel drops all that it has to find a MAC for, and broadcasts too. The kernel writes the Ethernet header, so that the
/// source is the interface's MAC of the moment. It hears nothing.
/// </summary>
internal sealed partial class FrameSocket : IDisposable
{
    private readonly BootInterface _nic;
    private readonly Socket _socket;

    private FrameSocket(BootInterface nic, Socket socket)
    {
        (_nic, _socket) = (nic, socket);
        Descriptor = (int)socket.SafeHandle.DangerousGetHandle();
    }

    /// <summary>The socket's descriptor.</summary>
    public int Descriptor { get; }

    /// <summary>The number of the interface, which is another one when it was made anew.</summary>
    public int Interface => _nic.Tied.Interface;

    /// <summary>The longest packet, in bytes.</summary>
    public int Mtu => _nic.Mtu;

    /// <summary>Opens it. Null where the interface is no Ethernet, or where it may not (CAP_NET_RAW): then all goes by UDP sockets.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="bufferSize">Bytes that may wait for the interface.</param>
    /// <param name="logger">The log.</param>
    public static FrameSocket? Open(BootInterface nic, int bufferSize, ILogger logger)
    {
        if (!nic.IsEthernet)
        {
            return null;
        }

        try
        {
            // Protocol 0: nothing that comes in is for it.
            return new FrameSocket(nic, new Socket(AddressFamily.Packet, SocketType.Dgram, ProtocolType.Unspecified) { SendBufferSize = bufferSize });
        }
        catch (SocketException e)
        {
            LogNotAllowed(logger, nic.Name, e.Reason());
            return null;
        }
    }

    /// <summary>Whether the kernel knows the MAC of an address; it is not made to ask for it.</summary>
    public bool IsResolved(Ipv4 address) => NeighbourQuery.IsResolved(Descriptor, _nic.Name, new SocketName(address, 0));

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "DHCP on {Interface} depends on the kernel's neighbour table: {Reason}. Run mayu as root, or with CAP_NET_RAW")]
    private static partial void LogNotAllowed(ILogger logger, string @interface, string reason);
}
