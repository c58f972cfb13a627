using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tftp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Engines;

/// <summary>What DHCP and TFTP share on all interfaces.</summary>
/// <param name="engine">What the engine works with.</param>
/// <param name="journal">Where each lease is written to.</param>
internal sealed class BootLinkParts(EngineParts engine, LeaseJournal journal) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _probes = [];

    /// <summary>What the engine works with.</summary>
    public EngineParts Engine => engine;

    /// <summary>Where each lease is written to.</summary>
    public LeaseJournal Journal => journal;

    /// <summary>How DHCP behaves.</summary>
    public DhcpSettings Dhcp => engine.Settings.Dhcp;

    /// <summary>How TFTP is served, if it is.</summary>
    public TftpSettings Tftp { get; } = engine.Settings.Tftp with
    {
        MaximumUnresolvedClients = new NeighbourTable(engine.Clock).UnresolvedOn(engine.Settings.BootAddresses.Count()),
    };

    /// <summary>Asks behind the relays whose packets come in by an interface; null: nobody is asked.</summary>
    public IAddressProbe? ProbeBehind(BootInterface nic) => Kept(IcmpProbe.Open(nic.Address, engine.Clock, engine.Logs.CreateLogger<IcmpProbe>()));

    /// <summary>Asks on an interface; null: nobody is asked.</summary>
    public IAddressProbe? ProbeOn(BootInterface nic) => Kept(ArpProbe.Open(nic.Name, engine.Clock, engine.Logs.CreateLogger<ArpProbe>()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        journal.Dispose();
        foreach (var probe in _probes)
        {
            await probe.DisposeAsync();
        }
    }

    private T? Kept<T>(T? probe)
        where T : class, IAsyncDisposable
    {
        if (probe is not null)
        {
            _probes.Add(probe);
        }

        return probe;
    }
}
