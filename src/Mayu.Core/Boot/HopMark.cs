namespace Mayu.Core.Boot;

/// <summary>A mark as it lies in memory: 64 bytes, and the texts it refers to.</summary>
internal struct HopMark
{
    private const long None = -1;

    private long _atTicks;
    private long _bytes;
    private long _total;
    private int _milliseconds;

    public HopMark(HopKind kind, DateTimeOffset at, in HopDetail detail, long? bytes, long? total, TimeSpan? took)
    {
        Kind = kind;
        Detail = detail;
        _atTicks = at.UtcTicks;
        _bytes = bytes ?? None;
        _total = total ?? None;
        _milliseconds = took is { } time ? (int)Math.Clamp(time.TotalMilliseconds, 0, int.MaxValue) : (int)None;
    }

    public HopKind Kind { get; }

    public HopDetail Detail { get; private set; }

    public readonly DateTimeOffset At => new(_atTicks, TimeSpan.Zero);

    public readonly long? Bytes => _bytes == None ? null : _bytes;

    public readonly long? Total => _total == None ? null : _total;

    public readonly TimeSpan? Took => _milliseconds == None ? null : TimeSpan.FromMilliseconds(_milliseconds);

    /// <summary>Whether it tells of a packet of DHCP.</summary>
    public readonly bool IsDhcp => Kind is HopKind.Discover or HopKind.Offer or HopKind.Request or HopKind.Ack
        or HopKind.Nak or HopKind.Decline or HopKind.Release or HopKind.Inform;

    /// <summary>Whether the other mark tells of the same download, further on.</summary>
    public readonly bool GrowsInto(in HopMark next) =>
        Kind == next.Kind && next._bytes != None && next._bytes >= _bytes && Detail.Text == next.Detail.Text;

    /// <summary>Takes the newer mark of the same download over; how long it took counts from this one on unless the newer one says it.</summary>
    public void Grow(in HopMark next)
    {
        var before = Math.Max(0, _milliseconds);
        _milliseconds = next._milliseconds != None
            ? next._milliseconds
            : (int)Math.Clamp(before + ((next._atTicks - _atTicks) / TimeSpan.TicksPerMillisecond), 0, int.MaxValue);
        _atTicks = next._atTicks;
        _bytes = next._bytes;
        _total = next._total;
        Detail = next.Detail;
    }
}
