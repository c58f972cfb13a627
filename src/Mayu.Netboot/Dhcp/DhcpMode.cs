namespace Mayu.Netboot.Dhcp;

/// <summary>Whether machines get their addresses here (<c>dhcp.mode</c>).</summary>
internal enum DhcpMode
{
    /// <summary>Addresses and boot files.</summary>
    Server,

    /// <summary>Boot files only, beside another DHCP server: proxyDHCP (PXE specification 2.1 §2.2.1).</summary>
    Proxy,

    /// <summary>A server as long as no other one answers; beside another one a proxy.</summary>
    Auto,
}
