namespace Mayu.Netboot.Engines;

/// <summary>Who answers DHCP and TFTP.</summary>
internal enum EngineKind
{
    /// <summary>This process.</summary>
    Builtin,

    /// <summary>A dnsmasq of ours, configured and watched over by this process.</summary>
    Dnsmasq,

    /// <summary>A PXE environment that exists already: Mayu is the HTTP service behind it.</summary>
    External,
}
