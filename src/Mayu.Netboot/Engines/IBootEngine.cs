
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;

namespace Mayu.Netboot.Engines;

/// <summary>
/// What answers machines on ports 67 and 69. It answers as the planner decides, and leaves each packet's mark in the boot trace.
/// It has its ports when it is made; disposing gives them back.
/// </summary>
internal interface IBootEngine : IAsyncDisposable
{
    /// <summary>Why machines are not answered at present, as a sentence for an operator; null while they are. Never waits.</summary>
    string? Trouble { get; }

    /// <summary>What an operator should know although machines are answered. Never waits.</summary>
    IEnumerable<string> Remarks => [];

    /// <summary>How many DHCP servers besides this one answer at present, as far as they are looked for.</summary>
    int OtherDhcpServers => 0;

    /// <summary>The addresses of its pools that strangers use, as far as they are looked for.</summary>
    IEnumerable<OccupiedAddress> Occupied => [];

    /// <summary>How the addresses of its DHCP pools are used, as far as it gives them.</summary>
    IEnumerable<DhcpPoolUse> Pools => [];

    /// <summary>The leases of its DHCP pools, and the offers that wait, as far as it knows them.</summary>
    IEnumerable<PoolLease> PoolLeases => [];

    /// <summary>Which leases it does not know, as a sentence for an operator; null where it knows all.</summary>
    string? UnknownLeases => null;

    /// <summary>How many MACs are not believed, since they answer under or decline too many addresses.</summary>
    int UntrustedMacs => 0;

    /// <summary>What mode <c>auto</c> found on an interface; null where that is not looked for. Never waits.</summary>
    AutoFinding? FindingOn(string nic) => null;

    /// <summary>The leases that outlive a restart, as far as they are this process's to know: what an explanation decides with.</summary>
    IEnumerable<LeaseRecord> Leases => [];

    /// <summary>Says what it would answer, without being asked on the wire.</summary>
    IExplainedEngine Explained { get; }

    /// <summary>TFTP transfers of this process that run.</summary>
    int Transfers => 0;

    /// <summary>Begins to answer; called once. It ends with draining or disposing, and by nothing else.</summary>
    void Start();

    /// <summary>Whether every loop that was started still runs. A loop that hangs is found when this is asked for the second time.</summary>
    bool IsAlive() => true;

    /// <summary>Answers nothing new from now on; returns when the transfers that run have ended.</summary>
    /// <param name="cancellationToken">Ends them.</param>
    Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
