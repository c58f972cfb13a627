using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Boot;

/// <summary>The boot trace of one machine at one moment.</summary>
/// <param name="Serial">Its serial; null while only its MAC is known.</param>
/// <param name="Macs">The MACs it booted from.</param>
/// <param name="Hops">The newest marks, oldest first.</param>
/// <param name="Problem">What went wrong last, if it did not get past it.</param>
public sealed record MachineTrace(Serial? Serial, ImmutableArray<MacAddress> Macs, ImmutableArray<Hop> Hops, BootProblem? Problem);
