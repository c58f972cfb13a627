using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Mayu.Primitives;
using Mayu.Server.Access;
using Microsoft.AspNetCore.Http.Features;

namespace Mayu.Server.Auth;

/// <summary>Who asks something of the API.</summary>
/// <param name="Name">The name under which the changes stand in the history.</param>
/// <param name="Role">What the caller may do.</param>
/// <param name="Scope">The machines that the caller may change.</param>
internal sealed record Caller(string Name, Role Role, Selector Scope)
{
    /// <summary>What a sentence calls it.</summary>
    /// <value><c>token NAME</c>; who has none has another kind of name, with a space, which no token's has</value>
    public string Title { get; private init; } = $"token {Name}";

    /// <summary>Who showed a client certificate.</summary>
    /// <param name="name">Its common name.</param>
    /// <param name="grant">What it may do.</param>
    public static Caller OfCertificate(string name, Grant grant) => Titled($"certificate {name}", grant);

    /// <summary>Who has a token of the OpenID provider.</summary>
    /// <param name="name">The name in it.</param>
    /// <param name="grant">What it may do.</param>
    public static Caller OfOidc(string name, Grant grant) => Titled($"oidc {name}", grant);

    /// <summary>A client of the first Mayu, which has no name.</summary>
    /// <param name="address">Where it asks from.</param>
    public static Caller OfLegacyClient(Ipv4 address) => Titled($"legacy client {address}", new Grant(Role.Operator, Selector.Everything));

    /// <summary>The caller of a request, which has been let in.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(context.Features.GetRequiredFeature<Caller>());

    /// <summary>Whether the caller may make one record of another; each is null where there is none.</summary>
    /// <returns>Why not; null when it may.</returns>
    public Refusal? RefuseChange(Machine? former, Machine? next) =>
        new[] { former, next }.FirstOrDefault(machine => machine is not null && !Scope.Matches(machine)) is { } outside
            ? new Refusal(RefusalReason.NotAllowed, outside == former
                ? $"The {Title} may only change machines with {Scope}; {outside.Serial} is none of them."
                : $"The {Title} may only change machines with {Scope}; {outside.Serial} would be none of them any more.")
            : null;

    /// <summary>Whether the caller may do what is not about one machine.</summary>
    /// <returns>Why not; null when it may.</returns>
    public Refusal? RefuseForAll() => Scope.IsEverything ? null
        : new Refusal(RefusalReason.NotAllowed, $"The {Title} may only change machines with {Scope}; this is not about one machine.");

    private static Caller Titled(string name, Grant grant) => new(name, grant.Role, grant.Scope) { Title = name };
}
