using System.Collections.Immutable;
using System.Text;
using Mayu.Primitives;
using Mayu.Server.Configuration.Settings;

namespace Mayu.Server.EtcdDiscovery;

/// <summary>
/// A token: one etcd cluster that is being born, with the members that have registered. It is never changed: a change makes the next one. Its index
/// counts its changes, as <c>X-Etcd-Index</c> counts those of an etcd.
/// </summary>
internal sealed record DiscoveryToken
{
    /// <summary>The longest value, in bytes of UTF-8: a name and some peer URLs.</summary>
    public const int MaxValue = 1024;

    /// <summary>The longest name of a member, in characters. etcd's own have 16.</summary>
    public const int MaxName = 64;

    // Two members that come at once may both see a free place; etcd itself sends the later one away.
    private const int Surplus = 16;

    // As many as a large cluster makes while it is born, twice over; with the longest values, 130 KB a token.
    private const int MostEvents = 64;

    /// <summary>The token itself, 32 hexadecimal digits.</summary>
    public required string Text { get; init; }

    /// <summary>How many members the cluster begins with.</summary>
    public required int Size { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>Who had it made, by <c>PUT /etcd/new</c>; null: Mayu itself.</summary>
    public Ipv4? Client { get; init; }

    /// <summary>Whether Mayu gives it to machines: it stays as long as there is no other.</summary>
    public bool IsKept { get; init; }

    /// <summary>Whether it is the one that Mayu made for machines without another.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The number of its last change. The first sets the size.</summary>
    public long Index { get; init; } = 1;

    /// <summary>Its members by name.</summary>
    public ImmutableSortedDictionary<string, DiscoveryMember> Members { get; init; } = ImmutableSortedDictionary.Create<string, DiscoveryMember>(StringComparer.Ordinal);

    /// <summary>Its last changes, the oldest first. They are not kept over a restart, but for what made the members that there are.</summary>
    public ImmutableArray<DiscoveryEvent> Events { get; init; } = [];

    /// <summary>The number of the last change that is in <see cref="Events"/> no more.</summary>
    public long ClearedIndex { get; init; }

    /// <summary>Whether a member ever registered.</summary>
    public bool IsUsed => Index > 1;

    /// <summary>Whether a text can be a member's name: what begins with <c>_</c> is etcd's own.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxName && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Registers a member, or changes its value.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="mustExist">Whether it must be there already; null: as it is.</param>
    /// <param name="now">The time.</param>
    public DiscoveryOutcome Put(string name, string value, bool? mustExist, DateTimeOffset now)
    {
        var previous = Members.GetValueOrDefault(name);
        var fault = !IsName(name) || Encoding.UTF8.GetByteCount(value) > MaxValue ? DiscoveryFault.InvalidField
            : mustExist == false && previous is not null ? DiscoveryFault.NodeExists
            : mustExist == true && previous is null ? DiscoveryFault.KeyNotFound
            : previous is null && Members.Count >= Size + Surplus ? DiscoveryFault.Full
            : (DiscoveryFault?)null;
        var member = new DiscoveryMember(name, value, previous?.CreatedIndex ?? Index + 1, Index + 1);
        return fault is { } refused ? new(this, Fault: refused)
            : Next(new(mustExist switch { true => "update", false => "create", null => "set" }, member, previous), this with { Members = Members.SetItem(name, member) }, now);
    }

    /// <summary>Takes a member away.</summary>
    public DiscoveryOutcome Remove(string name, DateTimeOffset now) => Members.TryGetValue(name, out var previous)
        ? Next(new("delete", new(name, Value: null, previous.CreatedIndex, Index + 1), previous), this with { Members = Members.Remove(name) }, now)
        : new(this, Fault: DiscoveryFault.KeyNotFound);

    /// <summary>Sets the size, as long as nobody counts on it.</summary>
    public DiscoveryOutcome Resize(int size, bool? mustExist, DateTimeOffset now) =>
        mustExist == false ? new(this, Fault: DiscoveryFault.NodeExists)
        : size is < 1 or > EtcdDiscoverySettings.MaxSize ? new(this, Fault: DiscoveryFault.InvalidField)
        : IsUsed || IsKept ? new(this, Fault: DiscoveryFault.ReadOnly)
        : new(this with { Size = size, Changed = now });

    /// <summary>The first change at or after an index, of one member or of any.</summary>
    public DiscoveryEvent? EventFrom(string? member, long index) =>
        Events.FirstOrDefault(change => change.Index >= index && (member is null || change.Member.Name == member));

    /// <summary>The same with the changes that made its members, after a restart.</summary>
    public DiscoveryToken WithEventsOfMembers() => this with
    {
        Events = [.. Members.Values.OrderBy(member => member.ModifiedIndex).Select(member => new DiscoveryEvent(member.CreatedIndex == member.ModifiedIndex ? "create" : "set", member, Previous: null))],
    };

    private DiscoveryOutcome Next(DiscoveryEvent change, DiscoveryToken next, DateTimeOffset now)
    {
        var isFull = Events.Length >= MostEvents;
        return new(next with
        {
            Index = change.Index,
            Changed = now,
            Events = (isFull ? Events.RemoveAt(0) : Events).Add(change),
            ClearedIndex = isFull ? Events[0].Index : ClearedIndex,
        }, change);
    }
}
