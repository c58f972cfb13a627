using Mayu.Core.Selection;

namespace Mayu.Server.Access;

/// <summary>What somebody may do.</summary>
/// <param name="Role">The role.</param>
/// <param name="Scope">The machines that may be changed.</param>
internal sealed record Grant(Role Role, Selector Scope);
