namespace Mayu.Server.Access;

/// <summary>What somebody may do at the API; each role may do what those before it may.</summary>
internal enum Role
{
    /// <summary>Look at everything but tokens.</summary>
    Viewer,

    /// <summary>Change machines and pins, and reload the configuration.</summary>
    Operator,

    /// <summary>Create and revoke tokens.</summary>
    Admin,
}

/// <summary>What the roles are called.</summary>
internal static class RoleNames
{
    public static string Of(Role role) => role.ToString().ToLowerInvariant();
}
