using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Storage.Writer;

/// <summary>Machines and pins that come and go. Each change has a number that grows: odd when it puts, even when it removes.</summary>
internal static class Guests
{
    /// <summary>Adds the writer's guest, or deletes it if it is there. Says the number, before and after.</summary>
    public static async Task<long> ToggleMachineAsync(IMachineStore store, int writer, Action<string> tell)
    {
        var serial = Parse<Serial>($"guest-{writer}", Serial.TryParse);
        var number = Next(store.Current.Find(serial) is not null);
        tell($"trying-guest-{writer} {number}");
        await Demand(store, s => s.Find(serial) is { } guest
            ? new Proposal.Delete(guest, "left")
            : new Proposal.Put(new Machine { Serial = serial, State = MachineState.Unknown, Profile = $"{number}" }, "came"));
        return number;
    }

    /// <summary>Puts the writer's pin, or removes it if it is there. Says the number, before and after.</summary>
    public static async Task<long> TogglePinAsync(IMachineStore store, int writer, Action<string> tell)
    {
        var key = PinKey.Of(Parse<Serial>($"pinned-{writer}", Serial.TryParse));
        var number = Next(store.Current.FindPin(key) is not null);
        tell($"trying-pin-{writer} {number}");
        await Demand(store, s => s.FindPin(key) is null
            ? new Proposal.PutPin(new Pin(key) { Profile = $"{number}" }, "pinned")
            : new Proposal.DeletePin(key, "unpinned"));
        return number;
    }

    private delegate bool TryParse<T>(string text, out T value, out string? refusal);

    private static T Parse<T>(string text, TryParse<T> parse) => parse(text, out var value, out var refusal) ? value : throw new InvalidOperationException(refusal);

    private static long Next(bool isThere) => (Environment.TickCount64 * 2) + (isThere ? 2 : 1);

    private static async Task Demand(IMachineStore store, Func<ClusterSnapshot, Proposal> decide)
    {
        var outcome = await store.ChangeAsync(new Author("writer"), decide, CancellationToken.None);
        if (outcome.Refusal is { } refusal)
        {
            throw new InvalidOperationException(refusal.Detail);
        }
    }
}
