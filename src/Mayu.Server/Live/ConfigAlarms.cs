using System.Collections.Concurrent;
using Mayu.Primitives;

namespace Mayu.Server.Live;

/// <summary>The profiles of which a machine asked for its config and there was none, until that machine gets one. One a profile.</summary>
internal sealed class ConfigAlarms
{
    private readonly ConcurrentDictionary<string, (Serial Machine, string Problem)> _byProfile = new(StringComparer.Ordinal);

    /// <summary>The alarms, each a sentence. A machine that is deleted, or has another profile now, is none.</summary>
    /// <param name="profileOf">The profile of a machine; null where it has none, or there is no such machine.</param>
    public IEnumerable<string> All(Func<Serial, string?> profileOf) => _byProfile.Where(alarm => profileOf(alarm.Value.Machine) == alarm.Key).OrderBy(alarm => alarm.Key, StringComparer.Ordinal).Select(alarm =>
        $"alarm: profile {alarm.Key}: machine {alarm.Value.Machine} got no config: {alarm.Value.Problem}");

    /// <summary>There was none.</summary>
    /// <param name="profile">The machine's profile.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="problem">Why, as somebody may read who is not logged in: the place and the kind of fault.</param>
    public void Failed(string profile, Serial machine, string problem) => _byProfile[profile] = (machine, problem);

    /// <summary>There was one.</summary>
    /// <param name="profile">The machine's profile.</param>
    /// <param name="machine">The machine.</param>
    public void Rendered(string profile, Serial machine)
    {
        if (!_byProfile.IsEmpty && _byProfile.TryGetValue(profile, out var alarm) && alarm.Machine == machine)
        {
            _byProfile.TryRemove(KeyValuePair.Create(profile, alarm));
        }
    }

    /// <summary>Forgets all: another configuration is in effect.</summary>
    public void Clear() => _byProfile.Clear();
}
