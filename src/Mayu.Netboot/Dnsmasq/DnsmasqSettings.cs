namespace Mayu.Netboot.Dnsmasq;

/// <summary>What the engine <c>dnsmasq</c> is told.</summary>
internal sealed record DnsmasqSettings
{
    /// <summary>The program: a path, or a name that is looked for where the system keeps its programs.</summary>
    public required string Program { get; init; }

    /// <summary>The user that it runs as.</summary>
    public required string User { get; init; }

    /// <summary>Where its configuration, its leases and the links to its files are.</summary>
    public required string Folder { get; init; }
}
