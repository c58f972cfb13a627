using System.Globalization;
using Mayu.Core.Machines;

namespace Mayu.Core.Boot;

/// <summary>Finds the hop that did not follow. Pure: the trace, the time, the machine in; the stall or nothing out.</summary>
public static class StallDetector
{
    /// <summary>How long a stranger of which only the MAC is known is thought to be still there.</summary>
    public static readonly TimeSpan StrangersMemory = TimeSpan.FromHours(1);

    /// <summary>Looks at one machine.</summary>
    /// <param name="trace">How far it is.</param>
    /// <param name="now">The time.</param>
    /// <param name="state">Its state; null while it has no record.</param>
    /// <param name="answer">What it gets when it boots from the network now.</param>
    public static Stall? Find(TraceHead trace, DateTimeOffset now, MachineState? state, BootAnswer answer)
    {
        // Where a failure is known by name, it is told instead: a stall is what nobody reported.
        if (trace.Step is not { } step || trace.Problem is not null || (trace.Serial is null && now - trace.Last.At > StrangersMemory))
        {
            return null;
        }

        // Firmware that comes back to the network each time makes hop after hop: it counts from the first of them.
        return (trace.OwnDisk is { } first ? Find(first, first.First, trace, now, state, answer) : null) ?? Find(step, step.At, trace, now, state, answer);
    }

    private static Stall? Find(Hop hop, DateTimeOffset since, TraceHead trace, DateTimeOffset now, MachineState? state, BootAnswer answer)
    {
        var judged = new StallCase(hop, trace.Last.At > hop.At && trace.Last.Kind == HopKind.Ack, state, answer);
        var rule = StallTable.After(hop.Kind).FirstOrDefault(one => one.When(judged));
        return rule is not null && now - since >= rule.Patience ? new Stall(since, hop.Kind, rule.Expected, Describe(rule, hop, now - since), rule.Causes) : null;
    }

    /// <summary>A span of time as people say it.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} days"),
    };

    private static string Describe(StallRule rule, Hop step, TimeSpan waited) =>
        $"{rule.Did?.Invoke(step) ?? rule.Title} {Age(waited)} ago and {rule.Missing}";
}
