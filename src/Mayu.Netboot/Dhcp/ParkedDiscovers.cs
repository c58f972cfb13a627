using Mayu.Netboot.Net;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Dhcp;

/// <summary>
/// A DISCOVER whose client would be offered an address that nobody was asked about waits here for that; no other packet does. Safe from any
/// thread.
/// </summary>
/// <param name="reader">Reads the client again when the answer is there.</param>
/// <param name="decider">The decisions.</param>
/// <param name="marks">Where their marks go.</param>
/// <param name="outlet">Where the replies go. It must outlive this.</param>
/// <param name="logger">The log.</param>
internal sealed partial class ParkedDiscovers(DhcpClientReader reader, DhcpDecider decider, DhcpMarks marks, IDhcpOutlet outlet, ILogger logger) : IAsyncDisposable
{
    private const int MostParked = 1024;
    private const int MostTries = 16;

    private readonly Dictionary<(DhcpScope Scope, MacAddress Client), Parked> _parked = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private int _isDisposed;

    /// <summary>Has it asked on the wire whether somebody uses the address.</summary>
    /// <param name="probe">What was decided: an address, if nobody uses it.</param>
    /// <param name="datagram">The client's packet.</param>
    /// <returns>What holds now: it waits; or it does not, since too many do. Strangers have to ask again then, known machines do not.</returns>
    public DhcpDecision Park(in DhcpDecision probe, ReadOnlySpan<byte> datagram)
    {
        lock (_gate)
        {
            return Park(probe, datagram, tries: 0);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        Task[] asking;
        lock (_gate)
        {
            asking = [.. _parked.Values.Select(parked => parked.Asking)];
        }

        await Task.WhenAll(asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private DhcpDecision Park(in DhcpDecision probe, ReadOnlySpan<byte> datagram, int tries)
    {
        if (_isDisposed != 0)
        {
            return probe.Offer(probe.Address);
        }

        var key = (probe.Scope!, probe.Mac);
        if (_parked.TryGetValue(key, out var waiting))
        {
            // Clients that wait ask again, some with another transaction id.
            waiting.Keep(datagram);
            return probe;
        }

        if (_parked.Count >= MostParked)
        {
            return probe.Client.IsKnown ? probe.Offer(probe.Address) : probe.Silent("too many addresses are being probed at once: it has to ask again");
        }

        var parked = new Parked(tries);
        parked.Keep(datagram);
        _parked.Add(key, parked);
        parked.Asking = AskAsync(parked, probe);
        return probe;
    }

    private async Task AskAsync(Parked parked, DhcpDecision probe)
    {
        // The gate is held: what follows must not run under it.
        await Task.Yield();
        AddressUser? user = null;
        try
        {
            // A machine's own answer under its own address is no conflict.
            user = await probe.Scope!.Probe!.FindUserAsync(probe.Address, mac => mac != probe.Mac && probe.Scope.Occupants.Counts(mac), _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            // Who asks for an address must not go without one because the question failed.
            LogProbeDefect(exception, probe.Address);
        }

        Resume(parked, probe, user);
    }

    private void Resume(Parked parked, in DhcpDecision probe, AddressUser? user)
    {
        DhcpDecision decision = default;
        DhcpClient client;
        lock (_gate)
        {
            marks.Leave(decider.Probed(probe, user));
            _parked.Remove((probe.Scope!, probe.Mac));
            if (reader.TryRead(parked.Datagram, out client) && parked.Tries < MostTries)
            {
                // Anew: what the machine gets may be another answer by now. Its question has left its mark already.
                decision = decider.Decide(client) with { Asked = null };
                decision = decision.Kind == DhcpDecisionKind.Probe ? Park(decision, parked.Datagram, parked.Tries + 1) : decision;
            }
        }

        marks.Leave(decision);
        Span<byte> buffer = stackalloc byte[DhcpReply.MaximumLength];
        if (decision.Kind == DhcpDecisionKind.Offer)
        {
            var reply = decision.Scope!.Replies.Write(buffer, client, decision);
            outlet.Send(buffer[..reply.Length], reply);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A defect in Mayu: {Address} could not be probed")]
    private partial void LogProbeDefect(Exception exception, Ipv4 address);

    /// <summary>A client that waits.</summary>
    /// <param name="tries">How many addresses were found in use before this one.</param>
    private sealed class Parked(int tries)
    {
        private byte[] _bytes = [];
        private int _length;

        public int Tries => tries;

        /// <summary>Its newest datagram.</summary>
        public ReadOnlySpan<byte> Datagram => _bytes.AsSpan(0, _length);

        /// <summary>The question on the wire, and the answer to the client.</summary>
        public Task Asking { get; set; } = Task.CompletedTask;

        /// <summary>Takes its newest datagram, into the same memory where it fits.</summary>
        public void Keep(ReadOnlySpan<byte> datagram)
        {
            if (datagram.Length > _bytes.Length)
            {
                _bytes = new byte[datagram.Length];
            }

            datagram.CopyTo(_bytes);
            _length = datagram.Length;
        }
    }
}
