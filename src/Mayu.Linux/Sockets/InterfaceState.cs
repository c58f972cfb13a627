using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Mayu.Linux.Sockets;

/// <summary>Whether an interface is switched on, and whether a cable is in it. For sockets a cable that is out does not matter: it may be plugged in later, and they hear it then.</summary>
public static unsafe class InterfaceState
{
    private const nuint GetFlags = 0x8913;
    private const short Up = 1;
    private const short Running = 0x40;
    private const int NameSize = 16;
    private const int RequestSize = 40;

    /// <summary>Whether it is up (IFF_UP). An interface that the kernel tells nothing of counts as up: what uses it says what is wrong.</summary>
    /// <param name="name">Its name, at most 15 bytes.</param>
    public static bool IsUp(string name) => Has(name, Up);

    /// <summary>Whether packets can leave (IFF_RUNNING): it is up, and a cable is plugged in. An interface that the kernel tells nothing of counts as such.</summary>
    /// <param name="name">Its name, at most 15 bytes.</param>
    public static bool HasCarrier(string name) => Has(name, Running);

    private static bool Has(string name, short flag)
    {
        // struct ifreq of netdevice(7): the name, then a union that begins with the flags.
        Span<byte> request = stackalloc byte[RequestSize];
        request.Clear();
        if (!Encoding.UTF8.TryGetBytes(name, request[..(NameSize - 1)], out _))
        {
            return true;
        }

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        fixed (byte* bytes = request)
        {
            return SocketCalls.Control((int)socket.SafeHandle.DangerousGetHandle(), GetFlags, bytes) != 0
                || (MemoryMarshal.Read<short>(request[NameSize..]) & flag) != 0;
        }
    }
}
