using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;

namespace Mayu.Core.Boot;

/// <summary>What is kept of one machine.</summary>
internal sealed class TraceLine
{
    public TraceLine() => Node = new LinkedListNode<TraceLine>(this);

    /// <summary>Its place in its part, by activity.</summary>
    public LinkedListNode<TraceLine> Node { get; }

    public Serial? Serial { get; set; }

    public ImmutableArray<MacAddress> Macs { get; set; } = [];

    public HopRing Hops { get; set; } = new();

    public BootProblem? Problem { get; set; }

    public MachineTrace ToTrace()
    {
        var hops = ImmutableArray.CreateBuilder<Hop>(Hops.Count);
        for (var i = 0; i < Hops.Count; i++)
        {
            hops.Add(new Hop(Hops[i]));
        }

        return new MachineTrace(Serial, Macs, hops.MoveToImmutable(), Problem);
    }

    public TraceHead? ToHead() => Hops.Count == 0 ? null : new TraceHead(Serial, Macs, Hops[0].At, new Hop(Hops[Hops.Count - 1]), Problem);
}
