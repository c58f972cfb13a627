using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Mayu.Netboot.Net;

/// <summary>Opens UDP sockets that hear and speak on one interface only.</summary>
internal static class UdpSocket
{
    private const int SolSocket = 1;
    private const int SoReuseAddress = 2;

    /// <summary>Opens a socket; it may broadcast.</summary>
    /// <param name="nic">The interface; the socket is tied to it (SO_BINDTODEVICE), so that others are neither heard nor answered.</param>
    /// <param name="address">The address to bind to; <see cref="IPAddress.Any"/> hears broadcasts too.</param>
    /// <param name="port">The port; 0 takes any.</param>
    /// <param name="what">What the port is for, for the message: <c>DHCP</c>.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="problem">What is wrong, as a sentence that names it; null on success.</param>
    /// <param name="shared">Whether other programs may have the port as well; each gets what is broadcast.</param>
    public static bool TryOpen(
        BootInterface nic, IPAddress address, int port, string what,
        [NotNullWhen(true)] out Socket? socket, [NotNullWhen(false)] out string? problem, bool shared = false)
    {
        var opened = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            nic.Tied.Tie(opened);
            opened.EnableBroadcast = true;
            if (shared)
            {
                opened.SetRawSocketOption(SolSocket, SoReuseAddress, BitConverter.GetBytes(1));
            }

            opened.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException exception)
        {
            opened.Dispose();
            socket = null;
            problem = $"{what} cannot have port {port}/udp on \"{nic.Name}\": " + exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"another program has it. Find it with: ss -lunp sport = :{port}",
                SocketError.AccessDenied => "permission denied. Run mayu as root, or with CAP_NET_BIND_SERVICE and CAP_NET_RAW",
                _ => exception.Message,
            };
            return false;
        }

        socket = opened;
        problem = null;
        return true;
    }
}
