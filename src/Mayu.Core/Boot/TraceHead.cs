using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Boot;

/// <summary>How far a machine is, without all that it did before: what a list of thousands needs.</summary>
/// <param name="Serial">Its serial; null while only its MAC is known.</param>
/// <param name="Macs">The MACs it booted from.</param>
/// <param name="First">The oldest mark that is kept.</param>
/// <param name="Last">The newest mark.</param>
/// <param name="Problem">What went wrong last, if it did not get past it.</param>
/// <param name="Step">The newest mark of its boot: what an operating system's DHCP left behind it is passed over. Null when there is none.</param>
public sealed record TraceHead(Serial? Serial, ImmutableArray<MacAddress> Macs, DateTimeOffset First, Hop Last, BootProblem? Problem, Hop? Step)
{
    /// <summary>The first boot script for its own disk since it last reported that it is installed or runs; a loop counts there. Null when there is none.</summary>
    public Hop? OwnDisk { get; init; }
}
