using System.Text;
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
        kestrel.RequestHeaderEncodingSelector = static name => name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? LengthEncoding.Instance : null;
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

    // Kestrel takes "+2" for a length; RFC 9110 §8.6 has digits alone. It asks which encoding a header has, and there the bytes are to be seen.
    private sealed class LengthEncoding : Encoding
    {
        public static readonly LengthEncoding Instance = new();

        // The longest number that there is room for.
        private const int MostDigits = 19;

        public override int GetByteCount(char[] chars, int index, int count) => count;

        public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
            Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

        public override int GetCharCount(byte[] bytes, int index, int count) => count;

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
            GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

        public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars) =>
            bytes.Length is > 0 and <= MostDigits && !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                ? Latin1.GetChars(bytes, chars)
                : throw new Microsoft.AspNetCore.Http.BadHttpRequestException("Content-Length is not a number.", StatusCodes.Status400BadRequest);

        public override int GetMaxByteCount(int charCount) => charCount;

        public override int GetMaxCharCount(int byteCount) => byteCount;
    }
}
