using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Hostile.Tests;

/// <summary>A cluster without a machine.</summary>
internal sealed class NoMachines : IKnownMachines
{
    public static NoMachines Instance { get; } = new();

    public int KnownMachines => 0;

    public bool IsTaken(Ipv4 address) => false;

    public bool HasBooted(MacAddress mac) => false;
}
