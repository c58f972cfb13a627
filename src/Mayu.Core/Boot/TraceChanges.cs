using System.Collections.Frozen;
using Mayu.Primitives;

namespace Mayu.Core.Boot;

/// <summary>
/// Whose traces changed since somebody last asked: for the one who keeps a copy of what is shown of machines. Bounded: where nobody asks for long,
/// only that everything may have changed is remembered. Not safe for use from several threads.
/// </summary>
/// <param name="most">How many serials are remembered.</param>
internal sealed class TraceChanges(int most)
{
    private HashSet<Serial> _changed = [];

    // Until somebody asks for the first time, nothing is noted.
    private bool _isAll = true;

    /// <summary>Notes a machine. It allocates nothing where the machine is noted already.</summary>
    public void Add(Serial? serial)
    {
        if (_isAll || serial is not { } one)
        {
            return;
        }

        _changed.Add(one);
        if (_changed.Count > most)
        {
            (_isAll, _changed) = (true, []);
        }
    }

    /// <summary>Those that were noted, which are then forgotten; null: everything may have changed.</summary>
    public IReadOnlySet<Serial>? Take()
    {
        var taken = _isAll ? null : _changed.Count == 0 ? (IReadOnlySet<Serial>)FrozenSet<Serial>.Empty : _changed;
        if (taken is null || taken.Count > 0)
        {
            _changed = [];
        }

        _isAll = false;
        return taken;
    }
}
