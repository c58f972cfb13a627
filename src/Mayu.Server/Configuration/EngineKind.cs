namespace Mayu.Server.Configuration;

/// <summary>Who answers DHCP and TFTP.</summary>
internal enum EngineKind
{
    /// <summary>This process.</summary>
    Builtin,

    /// <summary>A PXE environment that exists already: Mayu is the HTTP service behind it.</summary>
    External,
}
