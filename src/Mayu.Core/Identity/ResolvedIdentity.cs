using Mayu.Core.Machines;

namespace Mayu.Core.Identity;

/// <summary>Who is asking: a known machine, a stranger, or somebody who may be one machine or another.</summary>
/// <param name="Machine">The machine's record; null for a stranger and for a conflict.</param>
/// <param name="Conflict">Which machines it may be, and why that is not certain; null otherwise.</param>
public readonly record struct ResolvedIdentity(Machine? Machine, IdentityConflict? Conflict)
{
    /// <summary>Nobody who is on record.</summary>
    public static ResolvedIdentity Stranger => default;

    /// <summary>Whether it is nobody who is on record.</summary>
    public bool IsStranger => Machine is null && Conflict is null;
}
