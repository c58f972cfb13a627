namespace Mayu.Server.Configuration;

/// <summary>The key <c>engine</c>. It is asked for first: what the network needs depends on it.</summary>
internal static class EngineSchema
{
    /// <summary>Asks for it.</summary>
    public static EngineKind Bind(ConfigurationSection root) => root.Optional(
        "engine",
        "`builtin` or `external`",
        "Who answers DHCP and TFTP: Mayu itself, or a PXE environment that is there already, behind which Mayu is the HTTP service alone. "
            + "With `external`, `network.interface` and `network.bootstrap_range` may be left out.",
        Parse.OneOf(("builtin", EngineKind.Builtin), ("external", EngineKind.External)),
        EngineKind.Builtin,
        "builtin");
}
