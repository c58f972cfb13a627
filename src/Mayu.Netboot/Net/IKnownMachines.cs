using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>The machines, as leases depend on them. Never waits.</summary>
internal interface IKnownMachines
{
    /// <summary>How many machines there are.</summary>
    int KnownMachines { get; }

    /// <summary>Whether an address is a machine's own by now, and so never leased.</summary>
    bool IsTaken(Ipv4 address);

    /// <summary>Whether a client went on to boot: it asked for its boot script. Then a stranger's lease stands for the whole time.</summary>
    bool HasBooted(MacAddress mac);
}
