using Mayu.Core.Machines;
using Mayu.Server.Auth;

namespace Mayu.Server.Api.Machines;

/// <summary>In whose name something is changed, why, and of which record.</summary>
/// <param name="Caller">Who asks for it.</param>
/// <param name="Reason">Why; null where nothing was said.</param>
/// <param name="IfMatch">The record that it is for.</param>
internal sealed record ChangeOrder(Caller Caller, string? Reason, IfMatch IfMatch)
{
    /// <summary>Whether a machine's record is one that may be changed so.</summary>
    /// <returns>Why not; null when it is.</returns>
    public Refusal? Refuse(Machine machine) => Caller.RefuseChange(machine, next: null) ?? IfMatch.Refuse(machine);
}
