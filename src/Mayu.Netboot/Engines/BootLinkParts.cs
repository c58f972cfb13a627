using System.Collections.Frozen;
using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Files;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tftp;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Engines;

/// <summary>What DHCP and TFTP share on all interfaces.</summary>
internal sealed class BootLinkParts : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _probes = [];

    /// <summary>The planner.</summary>
    public required IBootAnswers Answers { get; init; }

    /// <summary>Where each packet and file leaves its mark.</summary>
    public required BootTrace Trace { get; init; }

    /// <summary>Where each lease is written to.</summary>
    public required LeaseJournal Journal { get; init; }

    /// <summary>What TFTP serves.</summary>
    public required ServedFiles Files { get; init; }

    /// <summary>How TFTP is served, if it is.</summary>
    public required TftpSettings Tftp { get; init; }

    /// <summary>Whose an address is.</summary>
    public required ClientTable Clients { get; init; }

    /// <summary>Runs leases and time-outs.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Makes the logs.</summary>
    public required ILoggerFactory Logs { get; init; }

    /// <summary>Whether the wire is asked before an address is offered.</summary>
    public required bool Probes { get; init; }

    /// <summary>Whether addresses are given at all.</summary>
    public required DhcpMode Mode { get; init; }

    /// <summary>About how often another DHCP server is asked for, in mode auto.</summary>
    public required TimeSpan AutoInterval { get; init; }

    /// <summary>This server's addresses on all of them.</summary>
    public required FrozenSet<Ipv4> OwnAddresses { get; init; }

    /// <summary>Asks behind the relays whose packets come in by an interface; null: nobody is asked.</summary>
    public IAddressProbe? ProbeBehind(BootInterface nic) => Probes ? Kept(IcmpProbe.Open(nic.Address, Clock, Logs.CreateLogger<IcmpProbe>())) : null;

    /// <summary>Asks on an interface; null: nobody is asked.</summary>
    public IAddressProbe? ProbeOn(BootInterface nic) => Probes ? Kept(ArpProbe.Open(nic.Name, Clock, Logs.CreateLogger<ArpProbe>())) : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Journal.Dispose();
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
