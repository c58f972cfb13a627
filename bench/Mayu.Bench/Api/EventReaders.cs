using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Mayu.Bench.Network;
using Mayu.Lab;

namespace Mayu.Bench.Api;

/// <summary>
/// Programs that read the events of all machines, each on a connection of its own (TLS). One in 25 holds the ids against each other: what is missing without a
/// word fails the run. The others throw away what they read.
/// </summary>
internal sealed class EventReaders : IAsyncDisposable
{
    private const int OneThatChecks = 25;
    private const int Addresses = 16;

    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _count;
    private readonly Task _work;
    private int _reading;
    private long _bytes;

    private EventReaders(BenchContext context, string token, int count)
    {
        _count = count;
        _work = Task.WhenAll(Enumerable.Range(0, count).Select(number => ReadAsync(context, token, number)));
    }

    /// <summary>Bytes that all of them read.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Opens them; done when each reads.</summary>
    /// <exception cref="LabException">One was not answered.</exception>
    public static async Task<EventReaders> OpenAsync(BenchContext context, string token, int count, CancellationToken cancellation)
    {
        var readers = new EventReaders(context, token, count);
        if (await Task.WhenAny(readers._all.Task, readers._work, Task.Delay(TimeSpan.FromSeconds(60), cancellation)) != readers._all.Task)
        {
            await readers._ended.CancelAsync();
            await readers._work;
            throw new LabException($"{readers._reading} of {count} readers of events were answered");
        }

        return readers;
    }

    /// <summary>Ends them.</summary>
    /// <exception cref="LabException">One was cut off, or missed an event that it was not told of.</exception>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _work;
        _ended.Dispose();
    }

    private async Task ReadAsync(BenchContext context, string token, int number)
    {
        try
        {
            using var socket = await context.Network.CreateClientSocketAsync(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(new IPAddress([10, 77, 4, (byte)(101 + (number % Addresses))]), 0));
            await socket.ConnectAsync(BenchNetwork.ServerAddress, 4080, _ended.Token);
            await using var stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "mayu", RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=mayu" }, _ended.Token);
            // HTTP/1.0 has no chunks, whose lengths would stand in the middle of lines.
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /api/v1/events HTTP/1.0\r\nHost: {BenchNetwork.ServerAddress}\r\nAuthorization: Bearer {token}\r\n\r\n"), _ended.Token);
            var buffer = new byte[32 * 1024];
            var check = number % OneThatChecks == 0 ? new IdCheck() : null;
            for (var isFirst = true; ; isFirst = false)
            {
                var length = await stream.ReadAsync(buffer, _ended.Token);
                if (length == 0 || (isFirst && !buffer.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8)))
                {
                    throw new LabException($"a reader of events was ended: {Encoding.ASCII.GetString(buffer, 0, Math.Min(length, 200))}");
                }

                if (isFirst && Interlocked.Increment(ref _reading) == _count)
                {
                    _all.TrySetResult();
                }

                Interlocked.Add(ref _bytes, length);
                check?.Take(buffer.AsSpan(0, length));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException && _ended.IsCancellationRequested)
        {
            // All of them end.
        }
    }

    /// <summary>Each id is the one before and one; after a gap it may be any later one.</summary>
    private sealed class IdCheck
    {
        private readonly StringBuilder _line = new();
        private long _id;
        private long _last;

        public void Take(ReadOnlySpan<byte> bytes)
        {
            foreach (var one in bytes)
            {
                if (one != '\n')
                {
                    _line.Append((char)one);
                    continue;
                }

                Take(_line.ToString().TrimEnd('\r'));
                _line.Clear();
            }
        }

        private void Take(string line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                _id = long.Parse(line.AsSpan(line.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                if (line != "event: gap" && _last != 0 && _id != _last + 1)
                {
                    throw new LabException($"a reader of events was given {_id} after {_last}, and told nothing of those between");
                }

                _last = _id;
            }
        }
    }
}
