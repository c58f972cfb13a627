using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Boot;

/// <summary>Something happened to a machine, for who watches the boots.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When.</param>
/// <param name="Serial">The machine; null while only its MAC is known.</param>
/// <param name="Mac">The MAC that it boots from; null where none was seen.</param>
public sealed record BootEvent(BootEventKind Kind, DateTimeOffset At, Serial? Serial, MacAddress? Mac)
{
    /// <summary>The mark; of <see cref="BootEventKind.Hop"/>.</summary>
    public Hop? Hop { get; init; }

    /// <summary>The state it has now, null when its record is gone; of <see cref="BootEventKind.State"/>.</summary>
    public MachineState? State { get; init; }

    /// <summary>The state that it had, null for a new record; of <see cref="BootEventKind.State"/>.</summary>
    public MachineState? Before { get; init; }

    /// <summary>The record as it is now, or as it was last where it is gone; of <see cref="BootEventKind.State"/>.</summary>
    public Machine? Record { get; init; }

    /// <summary>Why it is stuck; of <see cref="BootEventKind.Stall"/>.</summary>
    public Stall? Stall { get; init; }
}

/// <summary>The kinds of event.</summary>
public enum BootEventKind
{
    /// <summary>A mark was left, or grew.</summary>
    Hop,

    /// <summary>The state of its record changed.</summary>
    State,

    /// <summary>It is stuck.</summary>
    Stall,

    /// <summary>It makes progress again.</summary>
    Moving,
}
