using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

/// <summary>
/// The addresses of a range that nobody has: any of them, or a certain one, is taken in the same time. Eight bytes an
/// address: a list of the free ones, and where in that list each stands.
/// </summary>
internal sealed class FreeAddresses
{
    private const int Never = -2;
    private const int InUse = -1;

    private readonly Ipv4Range _range;
    private readonly int[] _list;
    private readonly int[] _place;

    public FreeAddresses(Ipv4Range range, IEnumerable<Ipv4> excluded)
    {
        _range = range;
        _list = new int[range.Count];
        _place = new int[range.Count];
        foreach (var address in excluded.Where(range.Contains))
        {
            _place[Index(address)] = Never;
        }

        // The highest come first, so that the lowest are taken first.
        for (var index = _place.Length - 1; index >= 0; index--)
        {
            if (_place[index] != Never)
            {
                _place[index] = Count;
                _list[Count++] = index;
            }
        }
    }

    /// <summary>How many are free.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the address is in the range and not excluded, free or not.</summary>
    public bool Covers(Ipv4 address) => _range.Contains(address) && _place[Index(address)] != Never;

    /// <summary>
    /// The address that a client gets if it is free: always the same one, and for neighbouring MACs neighbouring ones.
    /// </summary>
    public Ipv4 PreferredBy(MacAddress client) => Address((int)((uint)client.GetHashCode() % (uint)_place.Length));

    /// <summary>Takes a certain address.</summary>
    /// <returns>False when it is not free.</returns>
    public bool Remove(Ipv4 address)
    {
        var place = _place[Index(address)];
        if (place < 0)
        {
            return false;
        }

        var last = _list[--Count];
        _list[place] = last;
        _place[last] = place;
        _place[Index(address)] = InUse;
        return true;
    }

    /// <summary>Takes any address.</summary>
    public bool TryRemoveAny(out Ipv4 address)
    {
        address = Count > 0 ? Address(_list[Count - 1]) : default;
        return Count > 0 && Remove(address);
    }

    /// <summary>Gives an address back that was taken.</summary>
    public void Add(Ipv4 address)
    {
        var index = Index(address);
        _place[index] = Count;
        _list[Count++] = index;
    }

    private int Index(Ipv4 address) => (int)(address.Value - _range.Start.Value);

    private Ipv4 Address(int index) => new(_range.Start.Value + (uint)index);
}
