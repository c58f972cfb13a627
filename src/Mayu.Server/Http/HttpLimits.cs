using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Mayu.Server.Http;

/// <summary>What both listeners allow a client. What a connection holds is small, since there may be thousands.</summary>
internal static class HttpLimits
{
    /// <summary>How much is read from a file at once, in bytes: what a reader that does not read holds.</summary>
    public const int Portion = 64 * 1024;

    /// <summary>How long a body may be, in bytes.</summary>
    public const long MaxBody = 1024 * 1024;

    private const int Backlog = 4096;
    private const int TcpLevel = 6;

    // TCP_NOTSENT_LOWAT: what the kernel takes before the network has; accepted sockets have it of the one that listens.
    private const int NotSentLowWater = 25;
    private const int MostNotSent = 128 * 1024;

    /// <summary>Sets the limits.</summary>
    /// <param name="kestrel">The web server.</param>
    /// <param name="patience">How long a client may take nothing of its answer.</param>
    public static void Set(KestrelServerOptions kestrel, TimeSpan patience)
    {
        kestrel.AddServerHeader = false;
        // What the request line names is the host; the header is one of an older proxy then (RFC 9112 §3.2.2).
        kestrel.AllowHostHeaderOverride = true;
        kestrel.RequestHeaderEncodingSelector = CheckedHeader.EncodingOf;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = MaxBody;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestBufferSize = Portion;
        limits.MaxResponseBufferSize = Portion;
        limits.RequestHeadersTimeout = ListenerConnections.TimeToAsk;
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(1);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 8 * 1024, gracePeriod: TimeSpan.FromSeconds(10));
        // A rate adds up: who took 10 MB at once might, at 240 B/s, take nothing for half a day. At this one only the time counts.
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 1 << 30, patience);
        // A stream's window has to be 64 KiB at least (RFC 9113 §6.9.2), and a connection's holds what all its streams send.
        limits.Http2.InitialStreamWindowSize = 96 * 1024;
        limits.Http2.InitialConnectionWindowSize = 128 * 1024;
        limits.Http2.MaxStreamsPerConnection = 8;
    }

    /// <summary>Sets what the sockets hold.</summary>
    public static void Set(SocketTransportOptions sockets)
    {
        sockets.Backlog = Backlog;
        sockets.MaxReadBufferSize = Portion;
        sockets.MaxWriteBufferSize = Portion;
        sockets.CreateBoundListenSocket = static address =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
            socket.SetRawSocketOption(TcpLevel, NotSentLowWater, BitConverter.GetBytes(MostNotSent));
            return socket;
        };
    }

    /// <summary>Counts a listener's connections.</summary>
    public static void Count(this ListenOptions listen, ListenerConnections connections) =>
        listen.Use(next => connection => connections.RunAsync(connection, next));
}
