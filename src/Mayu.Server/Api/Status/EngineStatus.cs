using Mayu.Core.Machines;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Netboot.Syslog;
using Mayu.Server.Decisions;

namespace Mayu.Server.Api.Status;

/// <summary>How DHCP, TFTP and the pools of addresses do; each is asked anew.</summary>
/// <param name="engine">What answers DHCP and TFTP.</param>
/// <param name="occupied">The internal addresses that strangers use.</param>
/// <param name="neighbours">The kernel's table.</param>
/// <param name="store">The machines.</param>
internal sealed class EngineStatus(IBootEngine engine, OccupiedAddresses occupied, NeighbourTable neighbours, IMachineStore store)
{
    /// <summary>Why machines get no DHCP and no TFTP at present; null while they do, and where that is another program's business.</summary>
    public string? Trouble => engine.Trouble;

    /// <summary>What an operator should know of DHCP and TFTP although machines are answered.</summary>
    public IEnumerable<string> Remarks => [.. AnswerRemarks, .. neighbours.Remarks(store.Current.Count)];

    /// <summary>The same without the kernel's table.</summary>
    public IEnumerable<string> AnswerRemarks => [.. engine.Remarks, .. occupied.Remarks];

    /// <summary>The kernel's table.</summary>
    public NeighbourTable Neighbours => neighbours;

    /// <summary>What mode <c>auto</c> found on an interface; null where that is not looked for.</summary>
    /// <param name="nic">The interface.</param>
    public AutoFinding? FindingOn(string nic) => engine.FindingOn(nic);

    /// <summary>How many other DHCP servers answer at present.</summary>
    public int OtherDhcpServers => engine.OtherDhcpServers;

    /// <summary>What became of the lines that came by syslog; null where it is not received.</summary>
    public SyslogCounts? Syslog { get; init; }

    /// <summary>How the addresses of DHCP's pools are used.</summary>
    public IEnumerable<DhcpPoolUse> DhcpPools => engine.Pools;

    /// <summary>The leases of DHCP's pools.</summary>
    public IEnumerable<PoolLease> Leases => engine.PoolLeases;

    /// <summary>Which leases are not known; null where all are.</summary>
    public string? UnknownLeases => engine.UnknownLeases;

    /// <summary>How many MACs are not believed, since they answer under or decline too many addresses.</summary>
    public int UntrustedMacs => occupied.UntrustedMacs + engine.UntrustedMacs;

    /// <summary>The addresses of all pools that strangers use.</summary>
    public IEnumerable<OccupiedAddress> Strangers => [.. occupied.All, .. engine.Occupied];
}
