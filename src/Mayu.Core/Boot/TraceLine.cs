using System.Collections.Immutable;
using Mayu.Primitives;

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

    /// <summary>What it sent by syslog, beside the steps: however much that is, it pushes out none of them. Null: nothing.</summary>
    public HopRing? Syslog { get; set; }

    public BootProblem? Problem { get; set; }

    public MachineTrace ToTrace()
    {
        var lines = Syslog ?? new HopRing();
        var hops = ImmutableArray.CreateBuilder<Hop>(Hops.Count + lines.Count);
        for (int i = 0, j = 0; i < Hops.Count || j < lines.Count;)
        {
            // A mark stands where it was left first.
            hops.Add(new Hop(j == lines.Count || (i < Hops.Count && Hops[i].First <= lines[j].First) ? Hops[i++] : lines[j++]));
        }

        return new MachineTrace(Serial, Macs, hops.MoveToImmutable(), Problem);
    }

    public TraceHead? ToHead()
    {
        if (Hops.Count == 0)
        {
            return null;
        }

        return new TraceHead(Serial, Macs, Hops[0].First, new Hop(Hops[Hops.Count - 1]), Problem, HopAt(StepIndex())) { OwnDisk = HopAt(OwnDiskIndex()) };
    }

    /// <summary>Whether nothing is expected of it: it runs, or no boot of it was seen.</summary>
    public bool IsAtRest => StepIndex() is var step && (step < 0 || Hops[step].Kind == HopKind.Complete);

    private Hop? HopAt(int index) => index < 0 ? null : new Hop(Hops[index]);

    private int OwnDiskIndex()
    {
        var first = -1;
        for (var i = Hops.Count - 1; i >= 0 && Hops[i].Kind is not (HopKind.Installed or HopKind.Complete); i--)
        {
            first = Hops[i].Kind == HopKind.OwnDisk ? i : first;
        }

        return first;
    }

    // Who asks, or was refused or declined an address, has to go on with DHCP. A lease without a boot file is an operating system's: the discovery system's too, which asks once more between initrd and first stage.
    private int StepIndex()
    {
        var index = Hops.Count - 1;
        while (index >= 0 && Hops[index].Kind == HopKind.Refused)
        {
            index--;
        }

        if (index >= 0 && Hops[index].Kind is HopKind.Discover or HopKind.Request or HopKind.Nak or HopKind.Decline)
        {
            return index;
        }

        while (index >= 0 && (Hops[index].Kind == HopKind.Refused || (Hops[index].IsDhcp && Hops[index].Detail.BootFile is null)))
        {
            index--;
        }

        return index;
    }
}
