using System.Net.Sockets;
using System.Text;
using Mayu.Linux.Sockets;

namespace Mayu.Netboot.Net;

/// <summary>The sockets that are tied to one interface (SO_BINDTODEVICE). Safe from any thread.</summary>
/// <param name="name">The interface's name.</param>
internal sealed class TiedSockets(string name)
{
    private const int SolSocket = 1;
    private const int SoBindToDevice = 25;

    private readonly Lock _gate = new();
    private readonly List<(Socket Socket, Action<Socket>? Again)> _sockets = [];
    private volatile int _interface = InterfaceIndex.Of(name);

    /// <summary>The number of the interface that they are tied to.</summary>
    public int Interface => _interface;

    /// <summary>Ties a socket.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="again">What it needs besides when it is tied to an interface that was made anew.</param>
    /// <exception cref="SocketException">There is no such interface, or no right to.</exception>
    public void Tie(Socket socket, Action<Socket>? again = null)
    {
        TieOnce(socket);
        lock (_gate)
        {
            _sockets.Add((socket, again));
        }
    }

    /// <summary>Ties all of them again: the interface was deleted and made anew, and the kernel holds them on the one that is gone.</summary>
    /// <exception cref="SocketException">It is gone again.</exception>
    public void TieAgain()
    {
        lock (_gate)
        {
            _sockets.RemoveAll(tied => tied.Socket.SafeHandle.IsClosed);
            _sockets.ForEach(tied => TieOnce(tied.Socket));
            _interface = InterfaceIndex.Of(name);
            _sockets.ForEach(tied => tied.Again?.Invoke(tied.Socket));
        }
    }

    private void TieOnce(Socket socket) => socket.SetRawSocketOption(SolSocket, SoBindToDevice, Encoding.ASCII.GetBytes(name + '\0'));
}
