using System.Runtime.CompilerServices;
using Mayu.Primitives;

namespace Mayu.Core.Boot;

/// <summary>A mark as it lies in memory: 80 bytes, and the texts it refers to. One that was left again and again is one mark with a count.</summary>
internal struct HopMark
{
    private const long None = -1;

    private long _firstTicks;
    private long _atTicks;
    private long _bytes;
    private long _total;
    private int _milliseconds;
    private int _count;
    private Octets _mac;

    public HopMark(HopKind kind, DateTimeOffset at, in HopDetail detail, long? bytes, long? total, TimeSpan? took)
    {
        Kind = kind;
        Detail = detail;
        _firstTicks = _atTicks = at.UtcTicks;
        _count = 1;
        _bytes = bytes ?? None;
        _total = total ?? None;
        _milliseconds = took is { } time ? (int)Math.Clamp(time.TotalMilliseconds, 0, int.MaxValue) : (int)None;
    }

    public HopKind Kind { get; }

    public HopDetail Detail { get; private set; }

    /// <summary>When it was left first.</summary>
    public readonly DateTimeOffset First => new(_firstTicks, TimeSpan.Zero);

    /// <summary>When it was left last, or its download moved on.</summary>
    public readonly DateTimeOffset At => new(_atTicks, TimeSpan.Zero);

    /// <summary>How often it was left; it stops at 2,147,483,647.</summary>
    public readonly int Count => _count;

    public readonly long? Bytes => _bytes == None ? null : _bytes;

    public readonly long? Total => _total == None ? null : _total;

    public readonly TimeSpan? Took => _milliseconds == None ? null : TimeSpan.FromMilliseconds(_milliseconds);

    /// <summary>From which MAC it was left; null where that is not known.</summary>
    public MacAddress? Mac
    {
        readonly get => MacAddress.FromOctets(_mac) is var mac && mac == default ? null : mac;
        init => value?.CopyTo(_mac);
    }

    /// <summary>Whether it tells of a packet of DHCP.</summary>
    public readonly bool IsDhcp => Kind is HopKind.Discover or HopKind.Offer or HopKind.Request or HopKind.Ack
        or HopKind.Nak or HopKind.Decline or HopKind.Release;

    /// <summary>Whether bytes flowed, and not all of them came through yet.</summary>
    public readonly bool IsPartial => _bytes != None && _bytes < _total;

    /// <summary>Whether the other mark tells of the same download, further on.</summary>
    public readonly bool GrowsInto(in HopMark next) =>
        Kind == next.Kind && Kind != HopKind.Failed && next._bytes != None && next._bytes >= _bytes && IsBySame(next) && Detail.Text == next.Detail.Text && !IsOverBefore(next);

    /// <summary>A byte that is the same for marks of which one repeats the other.</summary>
    public readonly byte Print => (byte)(((int)Kind * 37) ^ Detail.Print);

    /// <summary>Whether the other mark, which came later, says the same again.</summary>
    /// <param name="next">The other one.</param>
    /// <param name="isOver">Whether its download moves on no more, as that of a failure never does: one that broke off is like another that broke off, wherever.</param>
    public readonly bool IsRepeatedBy(in HopMark next, bool isOver) =>
        Kind == next.Kind
        && (_bytes == next._bytes || ((isOver || Kind == HopKind.Failed) && IsPartial && next.IsPartial))
        && _total == next._total
        && IsBySame(next)
        && Detail.IsLike(next.Detail);

    /// <summary>Takes the newer mark of the same download over; how long it took counts from this one on unless the newer one says it.</summary>
    public void Grow(in HopMark next)
    {
        var before = Math.Max(0, _milliseconds);
        _count = Sum(_count, next._count - 1);
        _milliseconds = next._milliseconds != None
            ? next._milliseconds
            : (int)Math.Clamp(before + ((next._atTicks - _atTicks) / TimeSpan.TicksPerMillisecond), 0, int.MaxValue);
        _atTicks = next._atTicks;
        _bytes = next._bytes;
        _total = next._total;
        Detail = next.Detail;
        _mac = next._mac;
    }

    /// <summary>Takes a later mark over that repeats this one: how far it came and how long it took are the later one's.</summary>
    public void Repeat(in HopMark next)
    {
        _count = Sum(_count, next._count);
        _firstTicks = Math.Min(_firstTicks, next._firstTicks);
        _atTicks = next._atTicks;
        _milliseconds = next._milliseconds;
        _bytes = next._bytes;
    }

    // All of it had come before the other one began; where nobody says when that was, there is nothing more to come.
    private readonly bool IsOverBefore(in HopMark next) =>
        _bytes != None && _bytes == _total && next._firstTicks - (Math.Max(0, next._milliseconds) * TimeSpan.TicksPerMillisecond) >= _atTicks;

    // Who is not known may be anybody.
    private readonly bool IsBySame(in HopMark next) => Mac is not { } mac || next.Mac is not { } other || mac == other;

    private static int Sum(int one, int other) => (int)Math.Min((long)one + other, int.MaxValue);

    // All zeros: none. With eight bytes in their place a mark would be larger.
    [InlineArray(6)]
    private struct Octets
    {
        private byte _first;
    }
}
