using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>A TFTP client that does what a test tells it, packet by packet, and nothing else.</summary>
internal sealed class HandClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly IPEndPoint _server;

    /// <param name="server">Where requests go.</param>
    /// <param name="address">The client's own address; null: 127.0.0.1.</param>
    public HandClient(IPEndPoint server, IPAddress? address = null)
    {
        _server = server;
        _socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        _socket.ReceiveBufferSize = 4 << 20;
        _socket.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        Transfer = server;
    }

    /// <summary>Where the last packet came from.</summary>
    public IPEndPoint Transfer { get; set; }

    /// <summary>The client's own port.</summary>
    public ushort Port => (ushort)((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Whether nothing waits to be received.</summary>
    public bool HeardNothing => _socket.Available == 0;

    /// <summary>Asks for a file: options are a name, a value, a name, …</summary>
    public void Ask(string name, params string[] options) => Request($"\0\u0001{name}\0octet\0{string.Concat(options.Select(option => option + "\0"))}");

    /// <summary>Sends a request as it is written, a byte a character.</summary>
    public void Request(string bytes) => _socket.SendTo(Encoding.Latin1.GetBytes(bytes), _server);

    public void Acknowledge(long block) => Send([0, 4, (byte)(block >> 8), (byte)block]);

    public void Send(byte[] packet) => _socket.SendTo(packet, Transfer);

    public byte[] Receive()
    {
        var buffer = new byte[65536];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        var length = _socket.ReceiveFrom(buffer, ref from);
        Transfer = (IPEndPoint)from;
        return buffer[..length];
    }

    /// <summary>Receives DATA of this number, and returns what it carries.</summary>
    public byte[] ReceiveBlock(long number)
    {
        var packet = Receive();
        Assert.Equal([0, 3, (byte)(number >> 8), (byte)number], packet[..4]);
        return packet[4..];
    }

    /// <summary>Receives an ERROR, and returns code and message.</summary>
    public (int Code, string Message) ReceiveError()
    {
        var packet = Receive();
        Assert.Equal([0, 5], packet[..2]);
        return ((packet[2] << 8) | packet[3], Encoding.ASCII.GetString(packet[4..^1]));
    }

    /// <summary>Receives a file to its end, block by block, from DATA 1 on.</summary>
    /// <param name="blockSize">What was agreed on.</param>
    /// <param name="repeats">How often each ACK is sent.</param>
    public byte[] ReceiveFile(int blockSize = 512, int repeats = 1)
    {
        var file = new MemoryStream();
        for (long number = 1; ; number++)
        {
            var block = ReceiveBlock(number);
            file.Write(block);
            for (var i = 0; i < repeats; i++)
            {
                Acknowledge(number);
            }

            if (block.Length < blockSize)
            {
                return file.ToArray();
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
