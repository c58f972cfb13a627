using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Decisions;

namespace Mayu.Server.Watch;

/// <summary>
/// Looks at all machines every few seconds, off the boot path: whose state changed, who is stuck. Both go into the stream of events; how many
/// stand still is counted for monitoring. It runs from <see cref="Start"/> until it is disposed of.
/// </summary>
internal sealed partial class BootWatch(
    IMachineStore store, BootTrace trace, BootDecisions decisions, TimeProvider clock, ILogger<BootWatch> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const int RoundsBetweenStalls = 5;

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<(Serial?, MacAddress?), Stall> _stalls = [];
    private FrozenDictionary<HopKind, int> _counts = FrozenDictionary<HopKind, int>.Empty;
    private ClusterSnapshot _seen = store.Current;
    private Task _running = Task.CompletedTask;

    /// <summary>How many machines stand still after each hop, as of the last look. Hops without any are left out.</summary>
    public IReadOnlyDictionary<HopKind, int> Stalled => _counts;

    /// <summary>Why this one is stuck now; null when it is not, or nothing is expected of it.</summary>
    public Stall? StallOf(TraceHead head)
    {
        if (Simulated.Is(head.Serial, head.Macs))
        {
            return null;
        }

        var machine = head.Serial is { } serial ? store.Current.Find(serial) : null;
        var answer = machine is not null ? decisions.AnswerFor(machine.Serial)
            : head.Serial is null && !head.Macs.IsEmpty ? decisions.AnswerFor(decisions.Identify(head.Macs[^1]))
            : decisions.AnswerFor(head.Serial ?? default);
        return StallDetector.Find(head, clock.GetUtcNow(), machine?.State, answer);
    }

    /// <summary>Begins to look.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Looks once at the states of all records.</summary>
    public void LookAtStates()
    {
        var (before, now) = (_seen, store.Current);
        if (ReferenceEquals(before, now))
        {
            return;
        }

        _seen = now;
        foreach (var machine in now.Machines)
        {
            var former = before.Find(machine.Serial);
            if (!ReferenceEquals(former, machine) && former?.State != machine.State)
            {
                Tell(machine, machine.State, former?.State);
            }
        }

        foreach (var machine in before.Machines.Where(machine => now.Find(machine.Serial) is null))
        {
            Tell(machine, null, machine.State);
        }
    }

    /// <summary>Looks once for machines that stand still.</summary>
    public void LookForStalls()
    {
        var found = new Dictionary<(Serial?, MacAddress?), Stall>();
        foreach (var head in trace.Unfinished())
        {
            if (StallOf(head) is { } stall)
            {
                found[KeyOf(head)] = stall;
            }
        }

        foreach (var (key, stall) in found)
        {
            if (_stalls.GetValueOrDefault(key) is not { } known || known.Since != stall.Since || known.Expected != stall.Expected)
            {
                trace.Events.Add(new BootEvent(BootEventKind.Stall, clock.GetUtcNow(), key.Item1, key.Item2) { Stall = stall });
                Touch(key);
                LogStalled(key.Item1?.Text ?? key.Item2?.ToString() ?? "?", stall.Reason);
            }
        }

        foreach (var key in _stalls.Keys.Where(key => !found.ContainsKey(key)).ToList())
        {
            trace.Events.Add(new BootEvent(BootEventKind.Moving, clock.GetUtcNow(), key.Item1, key.Item2));
            _stalls.Remove(key);
            Touch(key);
        }

        foreach (var (key, stall) in found)
        {
            _stalls[key] = stall;
        }

        _counts = found.Values.CountBy(stall => stall.After).ToFrozenDictionary();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Pause, clock);
        for (var round = 1L; ; round++)
        {
            try
            {
                if (!await timer.WaitForNextTickAsync(_stop.Token))
                {
                    return;
                }

                LookAtStates();
                if (round % RoundsBetweenStalls == 0)
                {
                    LookForStalls();
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A defect here must not end the watch, and so hide every later stall.
                LogFailure(e);
            }
        }
    }

    private void Tell(Machine machine, MachineState? state, MachineState? before) => trace.Events.Add(
        new BootEvent(BootEventKind.State, clock.GetUtcNow(), machine.Serial, machine.MacAddresses.IsEmpty ? null : machine.MacAddresses[0])
        {
            State = state,
            Before = before,
            Record = machine,
        });

    private void Touch((Serial?, MacAddress?) key)
    {
        if (key.Item1 is { } serial)
        {
            trace.Touch(serial);
        }
    }

    // A machine that told its serial is one, whatever card it boots from.
    private static (Serial?, MacAddress?) KeyOf(TraceHead head) =>
        head.Serial is { } serial ? (serial, null) : (null, head.Macs.IsEmpty ? null : head.Macs[^1]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Machine} is stuck: {Reason}")]
    private partial void LogStalled(string machine, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Checking for stuck boots failed; it is tried again")]
    private partial void LogFailure(Exception exception);
}
