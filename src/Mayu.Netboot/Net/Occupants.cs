using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>
/// The addresses of one pool that strangers use, and who is believed about that. Whoever answers under every address, be it a forger or a
/// router with proxy ARP, would else empty the pool: one MAC makes a few addresses rest, all of them together half of the pool. Memory and
/// work are bounded by that. Safe from any thread.
/// </summary>
/// <param name="pool">The pool's addresses, for messages.</param>
/// <param name="size">How many there are.</param>
/// <param name="clock">The time.</param>
internal sealed class Occupants(Ipv4Range pool, long size, TimeProvider clock)
{
    /// <summary>So many addresses one MAC may answer under, or decline. Who has more is not believed.</summary>
    public const int MostOfOne = 4;

    /// <summary>How long an address rests before it is tried again, and how long who is not believed has to be silent.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private const int MostOfAll = 16_384;
    private const int MostUntrusted = 64;

    private readonly Lock _gate = new();
    private readonly int _most = (int)Math.Clamp(size / 2, 1, MostOfAll);
    private readonly Dictionary<Ipv4, LinkedListNode<Entry>> _byAddress = [];
    private readonly Dictionary<Source, List<Ipv4>> _bySource = [];
    private readonly Dictionary<Source, long> _untrusted = [];

    // Who was found longest ago comes first.
    private readonly LinkedList<Entry> _entries = new();
    private bool _isFull;

    /// <summary>The addresses that rest now, in no order.</summary>
    public ImmutableArray<OccupiedAddress> All
    {
        get
        {
            lock (_gate)
            {
                Expire();
                return [.. _entries.Select(entry => entry.Told)];
            }
        }
    }

    /// <summary>How many MACs are not believed now.</summary>
    public int UntrustedMacs => UntrustedNow().Length;

    /// <summary>What an operator should know, if anything.</summary>
    public IEnumerable<string> Remarks
    {
        get
        {
            foreach (var source in UntrustedNow())
            {
                yield return Words(source);
            }

            if (Volatile.Read(ref _isFull))
            {
                yield return FullWords;
            }
        }
    }

    private string FullWords =>
        $"addresses: {_most} of {pool} are in use by unknown devices, according to ARP answers or declining clients: any further ones are leased anyway. "
        + "See mayuctl addresses; exclude addresses that are really in use, or find the device that answers for them";

    /// <summary>Whether the answer of a MAC counts. Each answer of one that is not believed has it distrusted for longer.</summary>
    public bool Counts(MacAddress mac)
    {
        lock (_gate)
        {
            return !IsUntrusted(new Source(OccupiedHow.Answer, mac));
        }
    }

    /// <summary>Somebody was found at an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="how">How.</param>
    /// <param name="mac">Who answered, or the client that says so; null where that is not known.</param>
    public OccupantVerdict Note(Ipv4 address, OccupiedHow how, MacAddress? mac)
    {
        lock (_gate)
        {
            Expire();
            Source? source = mac is { } known ? new Source(how, known) : null;
            if (source is { } doubtful && IsUntrusted(doubtful))
            {
                return new OccupantVerdict(Counts: false, [], News: null);
            }

            var now = clock.GetUtcNow();
            var since = now;
            if (_byAddress.TryGetValue(address, out var former))
            {
                since = former.Value.Told.Since;
                Remove(former);
            }
            else if (_entries.Count >= _most)
            {
                var news = _isFull ? null : FullWords;
                _isFull = true;
                return new OccupantVerdict(Counts: false, [], news);
            }

            if (source is { } one && _bySource.GetValueOrDefault(one) is { Count: >= MostOfOne } all)
            {
                return Distrust(one, [.. all]);
            }

            Add(new Entry(new OccupiedAddress(address, how, mac, since, now), source, clock.GetTimestamp()));
            return new OccupantVerdict(Counts: true, [], News: null);
        }
    }

    private static string Words(Source source) => source.How == OccupiedHow.Decline
        ? $"addresses: {source.Mac} declines more than {MostOfOne} addresses: its declines are ignored"
        : $"addresses: {source.Mac} answers ARP for more than {MostOfOne} addresses (proxy ARP, or forged): its answers are ignored";

    private OccupantVerdict Distrust(Source source, ImmutableArray<Ipv4> freed)
    {
        foreach (var address in freed)
        {
            Remove(_byAddress[address]);
        }

        if (_untrusted.Count >= MostUntrusted)
        {
            _untrusted.Remove(_untrusted.MinBy(one => one.Value).Key);
        }

        _untrusted[source] = clock.GetTimestamp();
        return new OccupantVerdict(Counts: false, freed, Words(source));
    }

    private bool IsUntrusted(Source source)
    {
        ref var heard = ref CollectionsMarshal.GetValueRefOrNullRef(_untrusted, source);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref heard))
        {
            return false;
        }

        if (clock.GetElapsedTime(heard) < Memory)
        {
            heard = clock.GetTimestamp();
            return true;
        }

        _untrusted.Remove(source);
        return false;
    }

    private ImmutableArray<Source> UntrustedNow()
    {
        lock (_gate)
        {
            return [.. _untrusted.Where(one => clock.GetElapsedTime(one.Value) < Memory).Select(one => one.Key)];
        }
    }

    private void Expire()
    {
        while (_entries.First is { } oldest && clock.GetElapsedTime(oldest.Value.At) >= Memory)
        {
            Remove(oldest);
        }

        // Not at the first that ends, or a full pool would be news again and again.
        if (_entries.Count <= _most / 2)
        {
            _isFull = false;
        }
    }

    private void Add(Entry entry)
    {
        _byAddress.Add(entry.Told.Address, _entries.AddLast(entry));
        if (entry.Source is { } source)
        {
            ref var all = ref CollectionsMarshal.GetValueRefOrAddDefault(_bySource, source, out _);
            (all ??= []).Add(entry.Told.Address);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _entries.Remove(node);
        _byAddress.Remove(node.Value.Told.Address);
        if (node.Value.Source is { } source && _bySource[source] is var all && all.Remove(node.Value.Told.Address) && all.Count == 0)
        {
            _bySource.Remove(source);
        }
    }

    // Who forges DECLINEs in the name of a device must not make that one's answers worthless.
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Source(OccupiedHow How, MacAddress Mac);

    private sealed record Entry(OccupiedAddress Told, Source? Source, long At);
}
