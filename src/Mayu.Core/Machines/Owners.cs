using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Machines;

/// <summary>The machines that have one thing (a MAC, a UUID, a host name): nearly always one, and in the order of their serials.</summary>
public readonly struct Owners
{
    private readonly Serial _first;
    private readonly ImmutableArray<Serial> _several;

    private Owners(Serial first, ImmutableArray<Serial> several) => (_first, _several, Count) = (first, several, several.IsDefault ? 1 : several.Length);

    /// <summary>How many there are; 0 only for <c>default</c>.</summary>
    public int Count { get; }

    /// <summary>One of them.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    public Serial this[int index] => _several.IsDefault && index == 0 ? _first : _several[index];

    /// <summary>The first of them; null where there is none.</summary>
    public Serial? First => Count > 0 ? this[0] : null;

    /// <summary>Whether the machine is one of them.</summary>
    public bool Contains(Serial serial) => Count == 1 ? this[0] == serial : Count > 1 && _several.BinarySearch(serial) >= 0;

    /// <summary>These and one more.</summary>
    public Owners With(Serial serial)
    {
        if (Count == 0)
        {
            return new Owners(serial, default);
        }

        if (Contains(serial))
        {
            return this;
        }

        var all = _several.IsDefault ? [_first] : _several;
        return new Owners(default, all.Insert(~all.BinarySearch(serial), serial));
    }

    /// <summary>These but one.</summary>
    public Owners Without(Serial serial) => !Contains(serial) ? this
        : Count == 1 ? default
        : Count == 2 ? new Owners(_several[0] == serial ? _several[1] : _several[0], default)
        : new Owners(default, _several.Remove(serial));
}
