using Mayu.Core.Inventory;

namespace Mayu.Server.Api.Inventory;

/// <summary>
/// The serials of zones: the time in seconds at which a zone was first seen as it is, and always more than the last one. Who fetches a zone again that has not changed gets the
/// same file.
/// </summary>
internal sealed class ZoneSerials(TimeProvider clock)
{
    // Few ask, and each for few zones; what is forgotten gets a newer serial.
    private const int MaxZones = 64;

    private readonly Dictionary<string, (DnsZone Zone, uint Serial)> _known = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private uint _last;

    /// <summary>The serial of a zone.</summary>
    /// <param name="question">What was asked: another selector makes another zone.</param>
    /// <param name="zone">The zone.</param>
    public uint Of(string question, DnsZone zone)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(question, out var known) && known.Zone.IsSameAs(zone))
            {
                return known.Serial;
            }

            if (_known.Count >= MaxZones)
            {
                _known.Clear();
            }

            _last = Math.Max(_last + 1, (uint)clock.GetUtcNow().ToUnixTimeSeconds());
            _known[question] = (zone, _last);
            return _last;
        }
    }
}
