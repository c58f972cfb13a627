using Mayu.Netboot.Engines;
using Mayu.Netboot.Leases;
using Mayu.Netboot.ProxyDhcp;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>The engine of the configuration without its ports: it answers nobody, explains itself, and found what a test says.</summary>
internal sealed class UnopenedEngine(EngineParts parts) : IBootEngine
{
    public AutoFinding? Finding { get; set; }

    public string? Trouble { get; set; }

    public IEnumerable<LeaseRecord> Leases { get; set; } = [];

    public IEnumerable<DhcpPoolUse> Pools { get; set; } = [];

    public IEnumerable<PoolLease> PoolLeases { get; set; } = [];

    public string? UnknownLeases { get; set; }

    public IExplainedEngine Explained => parts.Settings.Engine switch
    {
        EngineKind.External => new ExplainExternal(parts),
        EngineKind.Dnsmasq => new ExplainDnsmasq(parts),
        _ => new ExplainBuiltin(parts, this),
    };

    public AutoFinding? FindingOn(string nic) => Finding;

    public void Start()
    {
    }

    public ValueTask DisposeAsync() => default;
}
