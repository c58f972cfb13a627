using Mayu.Primitives;

namespace Mayu.Core.Identity;

/// <summary>What was said last together with a MAC.</summary>
/// <param name="Serial">The serial, by the rule; null when none was said.</param>
/// <param name="Uuid">The UUID; null when none was said.</param>
public readonly record struct HeardClaim(Serial? Serial, Guid? Uuid);

/// <summary>
/// Which serials and UUIDs were said with which MACs lately, by machines and strangers alike: a loader that tells its MAC alone is known by
/// what its firmware told before. In memory, and bounded: what is not said for long is forgotten; after a restart the records say it.
/// Strangers push out only each other. Safe for use from any thread.
/// </summary>
/// <param name="capacity">How many MACs on record, and how many of strangers, are remembered at least; at most twice as many.</param>
public sealed class Heard(int capacity = 20_000)
{
    private readonly Lock _gate = new();
    private readonly Claims _machines = new(capacity);
    private readonly Claims _strangers = new(capacity);

    /// <summary>
    /// Somebody says this. Another UUID or another serial than before is another machine with that card: what was said before is
    /// forgotten. What is not said stays.
    /// </summary>
    /// <param name="mac">The interface that it speaks from.</param>
    /// <param name="serial">Its serial, where it says one.</param>
    /// <param name="uuid">Its UUID, where it says one.</param>
    /// <param name="isOnRecord">Whether a machine on record has that MAC.</param>
    public void Note(MacAddress mac, Serial? serial, Guid? uuid, bool isOnRecord)
    {
        if (serial is null && uuid is null)
        {
            return;
        }

        lock (_gate)
        {
            var former = Find(mac);
            var isAnother = (uuid is { } id && former.Uuid is { } before && !Uuids.AreSame(id, before))
                || (serial is not null && former.Serial is not null && serial != former.Serial);
            (isOnRecord ? _machines : _strangers).Put(mac, isAnother ? new HeardClaim(serial, uuid) : new HeardClaim(serial ?? former.Serial, uuid ?? former.Uuid));
            (isOnRecord ? _strangers : _machines).Remove(mac);
        }
    }

    /// <summary>What was said with this MAC last; nothing when it was never heard, or is forgotten.</summary>
    public HeardClaim Recall(MacAddress mac)
    {
        lock (_gate)
        {
            return Find(mac);
        }
    }

    /// <summary>Forgets what was said with this MAC: an operator knows better.</summary>
    public void Forget(MacAddress mac)
    {
        lock (_gate)
        {
            _machines.Remove(mac);
            _strangers.Remove(mac);
        }
    }

    private HeardClaim Find(MacAddress mac) => _machines.TryFind(mac, out var claim) || _strangers.TryFind(mac, out claim) ? claim : default;

    // Two halves: once the young one is full it becomes the old one, and what the old one had is forgotten. Nothing is searched for.
    private sealed class Claims(int capacity)
    {
        private Dictionary<MacAddress, HeardClaim> _young = [];
        private Dictionary<MacAddress, HeardClaim> _old = [];

        public bool TryFind(MacAddress mac, out HeardClaim claim) => _young.TryGetValue(mac, out claim) || _old.TryGetValue(mac, out claim);

        public void Put(MacAddress mac, HeardClaim claim)
        {
            if (_young.TryGetValue(mac, out var former))
            {
                if (former != claim)
                {
                    _young[mac] = claim;
                }

                return;
            }

            if (_young.Count >= capacity)
            {
                (_old, _young) = (_young, _old);
                _young.Clear();
            }

            _young[mac] = claim;
        }

        public void Remove(MacAddress mac)
        {
            _young.Remove(mac);
            _old.Remove(mac);
        }
    }
}
