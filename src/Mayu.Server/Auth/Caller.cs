using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Microsoft.AspNetCore.Http.Features;

namespace Mayu.Server.Auth;

/// <summary>Who asks something of the API.</summary>
/// <param name="Name">The name under which the changes stand in the history.</param>
/// <param name="Role">What the caller may do.</param>
/// <param name="Scope">The machines that the caller may change.</param>
internal sealed record Caller(string Name, Role Role, Selector Scope)
{
    /// <summary>The caller of a request, which has been let in.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(context.Features.GetRequiredFeature<Caller>());

    /// <summary>Whether the caller may make one record of another; each is null where there is none.</summary>
    /// <returns>Why not; null when it may.</returns>
    public Refusal? RefuseChange(Machine? former, Machine? next) =>
        new[] { former, next }.FirstOrDefault(machine => machine is not null && !Scope.Matches(machine)) is { } outside
            ? new Refusal(RefusalReason.NotAllowed, outside == former
                ? $"The token {Name} may only change machines with {Scope}; {outside.Serial} is none of them."
                : $"The token {Name} may only change machines with {Scope}; {outside.Serial} would be none of them any more.")
            : null;

    /// <summary>Whether the caller may do what is not about one machine.</summary>
    /// <returns>Why not; null when it may.</returns>
    public Refusal? RefuseForAll() => Scope.IsEverything ? null
        : new Refusal(RefusalReason.NotAllowed, $"The token {Name} may only change machines with {Scope}; this is not about one machine.");
}
