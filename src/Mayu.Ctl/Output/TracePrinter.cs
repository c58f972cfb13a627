using Mayu.Client.Contracts;
using Mayu.Primitives;

namespace Mayu.Ctl.Output;

/// <summary>Prints boot traces for a person: the hops, and what is thought of a machine that is stuck.</summary>
/// <param name="console">Where to.</param>
internal sealed class TracePrinter(CtlConsole console)
{
    private static readonly Column Detail = new("detail") { Wraps = true };

    private static readonly Column[] Columns = ["at", new("after") { DropOrder = 2 }, "hop", new("size") { DropOrder = 1 }, new("took") { DropOrder = 3 }];

    /// <summary>Prints hops, oldest first. One that was left several times stands where it was left first, with how often and when last.</summary>
    public void Print(IReadOnlyList<Hop> hops)
    {
        // Those of another machine under this one's name.
        var hasMacs = hops.Any(hop => hop.MacAddress is not null);
        TablePrinter.Print(
            console,
            hasMacs ? [.. Columns, "mac", Detail] : [.. Columns, Detail],
            [.. hops.Select((hop, i) => Row(hop, i == 0 ? null : hops[i - 1], hasMacs))]);
    }

    /// <summary>Says why a machine is stuck, and what is usually behind it.</summary>
    public void Print(StallReport stall)
    {
        console.WriteSentence($"It is stuck: {stall.Reason}.");
        console.WriteSentence($"Expected next: {stall.Expected}. Usual causes:");
        foreach (var cause in stall.Causes)
        {
            console.WriteSentence($"  - {cause}", indent: 4);
        }
    }

    /// <summary>Prints one event as one line.</summary>
    public void Print(BootEvent happened)
    {
        var who = happened.Serial ?? happened.MacAddress ?? "?";
        var what = happened switch
        {
            { Kind: BootEvent.HopKind, Hop: { } hop } => string.Join("  ", new[] { hop.Name.PadRight(11), Size(hop), Took(hop), hop.Detail, Times(hop) }.Where(part => part is { Length: > 0 })),
            { Kind: BootEvent.StateKind } => $"state        {happened.Before ?? "none"} -> {happened.State ?? "no record"}",
            { Kind: BootEvent.StallKind, Stall: { } stall } => $"stall        {stall.Reason}{(stall.Causes is [var cause, ..] ? "; usually: " + cause : "")}",
            { Kind: BootEvent.MovingKind } => "moving       it makes progress again",
            { Kind: BootEvent.GapKind } => $"gap          {(happened.Missed is { } missed ? Counted.Of(missed, "event was", "events were") : "events were")} missed here",
            _ => happened.Kind,
        };
        console.WriteSentence(happened.Kind == BootEvent.GapKind ? what : $"{TimeText.Exact(happened.At)}  {who}  {what}");
    }

    private static Cell[] Row(Hop hop, Hop? before, bool hasMacs) =>
    [
        new(TimeText.Exact(FirstOf(hop))),
        new(before is null ? null : $"+{(FirstOf(hop) - Before(hop, before)).TotalSeconds:0.0}s"),
        new(hop.Name, hop.Name == HopNames.Failed ? StateColors.Problem : null),
        new(Size(hop)),
        new(Took(hop)),
        .. hasMacs ? [new(hop.MacAddress)] : Array.Empty<Cell>(),
        new(hop.Count > 1 ? $"{hop.Detail} ({Times(hop)}, last {TimeText.Exact(hop.At)})".TrimStart() : hop.Detail),
    ];

    private static DateTimeOffset FirstOf(Hop hop) => hop.Count > 1 ? hop.First ?? hop.At : hop.At;

    // Of a cycle, the times of its first round are compared; what follows one, with its last.
    private static DateTimeOffset Before(Hop hop, Hop before) => before.At <= FirstOf(hop) ? before.At : FirstOf(before);

    private static string? Times(Hop hop) => hop.Count > 1 ? $"×{hop.Count}" : null;

    private static string? Took(Hop hop) => hop.DurationMs switch
    {
        null => null,
        { } ms and < 1000 => $"{ms}ms",
        { } ms => $"{ms / 1000.0:0.0}s",
    };

    private static string? Size(Hop hop) => hop switch
    {
        { Bytes: { } bytes, Total: { } total } when bytes != total => $"{SizeText.Format(bytes)} of {SizeText.Format(total)}",
        { Bytes: { } bytes } => SizeText.Format(bytes),
        _ => null,
    };
}
