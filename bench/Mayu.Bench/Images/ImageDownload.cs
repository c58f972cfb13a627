using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Mayu.Bench.Network;
using Mayu.Lab;

namespace Mayu.Bench.Images;

/// <summary>
/// A client that fetches a file again and again over one connection. It leaves the bytes in the kernel (tcp(7), MSG_TRUNC), so that the clients, which
/// share the processors with the server, cost little; what the bytes are is looked at once before.
/// </summary>
internal sealed partial class ImageDownload
{
    private const int Port = 4081;

    // As much as the kernel may have for a connection.
    private const int Portion = 8 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Nothing is written to it.
    private static readonly byte[] Nowhere = new byte[Portion];

    /// <summary>Fetches.</summary>
    /// <param name="network">Where.</param>
    /// <param name="path">What.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="times">How often.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="LabException">Another answer came than 200 with so many bytes.</exception>
    public static async Task RunAsync(BenchNetwork network, string path, long size, int times, CancellationToken cancellation)
    {
        using var socket = await network.CreateClientSocketAsync(SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        (socket.ReceiveTimeout, socket.SendTimeout) = ((int)Patience.TotalMilliseconds, (int)Patience.TotalMilliseconds);
        await socket.ConnectAsync(new IPEndPoint(BenchNetwork.ServerAddress, Port), cancellation);
        await Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < times; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Fetch(socket, path, size);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private static void Fetch(Socket socket, string path, long size)
    {
        socket.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {BenchNetwork.ServerAddress}\r\n\r\n"));
        var (head, length, end) = (new byte[4096], 0, -1);
        while (end < 0)
        {
            var count = length < head.Length ? socket.Receive(head.AsSpan(length)) : 0;
            length = count > 0 ? length + count : throw new LabException($"no answer to GET {path}: {Encoding.Latin1.GetString(head, 0, length)}");
            end = head.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
        }

        var said = Encoding.Latin1.GetString(head, 0, end + 2);
        if (!said.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)
            || !Length().IsMatch(said) || long.Parse(Length().Match(said).Groups["value"].Value, CultureInfo.InvariantCulture) != size)
        {
            throw new LabException($"GET {path} was not answered with {size} bytes:\n{said}");
        }

        for (var left = size - (length - end - 4); left > 0;)
        {
            var count = socket.Receive(Nowhere.AsSpan(0, (int)Math.Min(left, Portion)), SocketFlags.Truncated);
            left = count > 0 ? left - count : throw new LabException($"GET {path} ended {left} bytes before its end");
        }
    }

    [GeneratedRegex(@"^Content-Length: (?<value>[0-9]+)\r$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Length();
}
