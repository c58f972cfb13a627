using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

/// <summary>One address of the pool that is, or was, somebody's. It belongs to <see cref="LeasePool"/>, which alone changes it.</summary>
internal sealed class Lease
{
    public Lease(Ipv4 address)
    {
        Address = address;
        Node = new LinkedListNode<Lease>(this);
    }

    /// <summary>The address.</summary>
    public Ipv4 Address { get; }

    /// <summary>Who has it; null while it is held.</summary>
    public MacAddress? Client { get; set; }

    /// <summary>Whether that is a known machine's interface: a stranger's lease counts against what strangers may have.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether it was asked on the wire, since somebody last left it, that nobody else uses the address.</summary>
    public bool IsProbed { get; set; }

    /// <summary>What it is in use for.</summary>
    public LeaseState State { get; set; }

    /// <summary>Since when, in ticks of the pool's clock; it ends a fixed time later that depends on the state only.</summary>
    public long Since { get; set; }

    /// <summary>Its place among the leases of the same state, which are in the order of their end.</summary>
    public LinkedListNode<Lease> Node { get; }
}
