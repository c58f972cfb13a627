using Mayu.Primitives;

namespace Mayu.Core.Machines;

/// <summary>
/// An operator's word about a machine that has not been seen yet. It holds a slot and an address until that machine comes;
/// then it is fulfilled: the machine has them for good, and the pin is gone.
/// </summary>
/// <param name="Key">What the machine will be recognised by.</param>
public sealed record Pin(PinKey Key)
{
    /// <summary>The profile it is to take; null: as any other machine.</summary>
    public string? Profile { get; init; }

    /// <summary>The internal address that is kept for it; null: as any other machine.</summary>
    public Ipv4? Address { get; init; }
}
