using Mayu.Server.Access;

namespace Mayu.Server.Auth;

/// <summary>Who may use a route of the API. A route without one is nobody's.</summary>
/// <param name="Least">The least role; null: everybody, without a token.</param>
/// <param name="TakesLegacyClients">Whether clients of the first Mayu, which have no token, are let in from where the configuration says so.</param>
internal sealed record RouteRole(Role? Least, bool TakesLegacyClients = false);

/// <summary>Says it where a route is mapped.</summary>
internal static class RouteRoles
{
    /// <summary>For callers with a role, or a higher one.</summary>
    public static TBuilder For<TBuilder>(this TBuilder route, Role least)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteRole(least));

    /// <summary>For callers with a role, and for clients of the first Mayu where <c>auth.legacy_clients</c> allows them. The description of the API is silent about it.</summary>
    public static TBuilder ForLegacy<TBuilder>(this TBuilder route, Role least)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteRole(least, TakesLegacyClients: true), new ExcludeFromDescriptionAttribute());

    /// <summary>For everybody.</summary>
    public static TBuilder ForAll<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteRole(null));
}
