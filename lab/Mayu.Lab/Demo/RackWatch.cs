using System.Diagnostics;
using Mayu.Client.Contracts;
using Mayu.Lab.Rack;
using Mayu.Lab.Server;

namespace Mayu.Lab.Demo;

/// <summary>Asks the server again and again how far the machines are.</summary>
internal sealed class RackWatch(VirtualRack rack, LabServer server)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(400);

    /// <summary>A problem that stays this long will not go away by itself.</summary>
    private static readonly TimeSpan ProblemPatience = TimeSpan.FromSeconds(30);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<string, TimeSpan> _ranAt = [];
    private readonly Dictionary<string, TimeSpan> _problemSince = [];

    /// <summary>The last answer.</summary>
    public IReadOnlyList<MachineLine> Lines { get; private set; } = [];

    public TimeSpan Elapsed => _clock.Elapsed;

    public bool AllRun => Lines.Count > 0 && Lines.All(line => line.IsRunning);

    /// <summary>Whether every machine runs, or has a problem that stays.</summary>
    public bool IsDecided => Lines.Count > 0 && Lines.All(line => line.IsRunning
        || (_problemSince.TryGetValue(line.Serial, out var since) && _clock.Elapsed - since > ProblemPatience));

    /// <summary>Waits a moment, asks, and returns the lines of now.</summary>
    public async Task<IReadOnlyList<MachineLine>> NextAsync(CancellationToken cancellation)
    {
        await Task.Delay(Interval, cancellation);
        if ((server.Failure() ?? rack.Machines.Select(machine => machine.Failure()).FirstOrDefault(failure => failure is not null)) is { } failure)
        {
            throw new LabException(failure);
        }

        if (!(await server.Api.ListMachinesAsync(cancellation)).TryGet(out var known, out _))
        {
            return Lines; // A server that is gone is noticed above; anything else passes.
        }

        Lines = [.. rack.Machines.Select(machine => Line(machine, known.FirstOrDefault(one => one.Serial == machine.Serial)))];
        return Lines;
    }

    private MachineLine Line(RackMachine machine, Machine? known)
    {
        if (known?.State == MachineStates.Running)
        {
            _ranAt.TryAdd(machine.Serial, _clock.Elapsed);
        }
        else
        {
            // It is installed again, or was never there.
            _ranAt.Remove(machine.Serial);
        }

        if (known?.Problem is null)
        {
            _problemSince.Remove(machine.Serial);
        }
        else
        {
            _problemSince.TryAdd(machine.Serial, _clock.Elapsed);
        }

        var elapsed = _ranAt.TryGetValue(machine.Serial, out var ranAt) ? ranAt : _clock.Elapsed;
        var line = MachineLine.For(machine.Spec, known, elapsed);

        // The same step told by two marks: the bar does not go back.
        return Lines.FirstOrDefault(before => before.Serial == line.Serial) is { Done: { } done } before && before.Hop == line.Hop
            ? line with { Done = Math.Max(done, line.Done ?? 0) }
            : line;
    }
}
