using Mayu.Primitives;

namespace Mayu.Server.Live;

/// <summary>
/// The configuration that is in effect. A reload swaps it as one; a request that began before keeps the one that it began with, so that it never sees
/// the profiles of one and the templates of another.
/// </summary>
/// <param name="started">What the server started with.</param>
internal sealed class LiveConfiguration(ServedConfiguration started)
{
    private readonly AsyncLocal<ServedConfiguration?> _ofRequest = new();
    private ServedConfiguration _newest = started;
    private string? _reloadAlarm;

    /// <summary>The request's own inside of <see cref="PinAsync"/>, else the newest.</summary>
    public ServedConfiguration Current => _ofRequest.Value ?? Newest;

    /// <summary>The newest, also inside of <see cref="PinAsync"/>: a stream goes on for months, and who may read it is asked again and again.</summary>
    public ServedConfiguration Newest => Volatile.Read(ref _newest);

    /// <summary>The profiles whose machines get no config.</summary>
    public ConfigAlarms Alarms { get; } = new();

    /// <summary>What an operator should know of the configuration, if anything.</summary>
    /// <param name="profileOf">The profile of a machine; null where it has none, or there is no such machine.</param>
    public IEnumerable<string> Remarks(Func<Serial, string?> profileOf) =>
        Volatile.Read(ref _reloadAlarm) is { } alarm ? Alarms.All(profileOf).Prepend(alarm) : Alarms.All(profileOf);

    /// <summary>Answers a request with one configuration, whatever is reloaded meanwhile.</summary>
    public async Task PinAsync(Func<Task> answer)
    {
        _ofRequest.Value = Newest;
        await answer();
    }

    /// <summary>Puts the next one into effect.</summary>
    public void Replace(ServedConfiguration next)
    {
        Volatile.Write(ref _newest, next);
        Volatile.Write(ref _reloadAlarm, null);
        Alarms.Clear();
    }

    /// <summary>Tells that the next one was refused, until one is taken.</summary>
    /// <param name="alarm">A sentence.</param>
    public void Refuse(string alarm) => Volatile.Write(ref _reloadAlarm, alarm);
}
