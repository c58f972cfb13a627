using System.Net;
using System.Net.Sockets;
using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>Reads a packet that may be an answer.</summary>
/// <param name="packet">What came.</param>
/// <param name="address">The address that it is about.</param>
/// <param name="user">Who answers.</param>
/// <returns>False for what is none.</returns>
internal delegate bool AddressReplyReader(ReadOnlySpan<byte> packet, out Ipv4 address, out AddressUser user);

/// <summary>
/// Questions about addresses that go out by one socket, and whose answers come back there: each is asked a few times, and waits only for
/// itself. Safe from any thread. It owns the socket; its listening ends with <see cref="DisposeAsync"/>.
/// </summary>
internal sealed class AddressQueries : IAsyncDisposable
{
    private const int MostBytes = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<Ipv4, List<Question>> _open = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _socket;
    private readonly AddressReplyReader _read;
    private readonly TimeProvider _clock;
    private readonly int _tries;
    private readonly TimeSpan _pause;
    private readonly Task _listening;

    /// <param name="socket">Open and bound.</param>
    /// <param name="read">Knows an answer.</param>
    /// <param name="tries">How often a question is asked.</param>
    /// <param name="pause">How long an answer may take each time.</param>
    /// <param name="clock">Runs the pauses.</param>
    public AddressQueries(Socket socket, AddressReplyReader read, int tries, TimeSpan pause, TimeProvider clock)
    {
        (_socket, _read, _tries, _pause, _clock) = (socket, read, tries, pause, clock);
        _listening = ListenAsync();
    }

    /// <summary>Asks.</summary>
    /// <param name="address">The address that the question is about.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="write">Makes the packet of a try, counted from 0.</param>
    /// <param name="counts">Whose answer counts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The first whose answer counts; null when there is none in time.</returns>
    public async Task<AddressUser?> AskAsync(
        Ipv4 address, EndPoint to, Func<int, byte[]> write, Func<MacAddress, bool> counts, CancellationToken cancellationToken)
    {
        var question = new Question(counts);
        Open(address, question);
        try
        {
            for (var i = 0; i < _tries; i++)
            {
                await _socket.SendToAsync(write(i), SocketFlags.None, to, cancellationToken);
                try
                {
                    return await question.Answer.Task.WaitAsync(_pause, _clock, cancellationToken);
                }
                catch (TimeoutException)
                {
                    // Nobody yet.
                }
            }

            return null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The link is down, or there is no way to it: whoever might have the address cannot be met there either.
            return null;
        }
        finally
        {
            Close(address, question);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _listening;
        _stop.Dispose();
    }

    private void Open(Ipv4 address, Question question)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(address, out var about))
            {
                _open.Add(address, about = new List<Question>(1));
            }

            about.Add(question);
        }
    }

    private void Close(Ipv4 address, Question question)
    {
        lock (_gate)
        {
            var about = _open[address];
            about.Remove(question);
            if (about.Count == 0)
            {
                _open.Remove(address);
            }
        }
    }

    private void Take(ReadOnlySpan<byte> packet)
    {
        if (!_read(packet, out var address, out var user))
        {
            return;
        }

        lock (_gate)
        {
            foreach (var question in _open.GetValueOrDefault(address) ?? [])
            {
                if (user.Mac is not { } mac || question.Counts(mac))
                {
                    question.Answer.TrySetResult(user);
                }
            }
        }
    }

    private async Task ListenAsync()
    {
        var packet = new byte[MostBytes];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(packet, SocketFlags.None, _stop.Token);
                Take(packet.AsSpan(0, length));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The interface went away for a moment, or one packet was an error: the next may come.
                await Task.Delay(_pause, _clock, CancellationToken.None);
            }
        }
    }

    private sealed class Question(Func<MacAddress, bool> counts)
    {
        public Func<MacAddress, bool> Counts { get; } = counts;

        public TaskCompletionSource<AddressUser?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
