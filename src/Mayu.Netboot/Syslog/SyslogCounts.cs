namespace Mayu.Netboot.Syslog;

/// <summary>What became of the datagrams that came to the port of syslog.</summary>
internal sealed class SyslogCounts
{
    private long _kept;
    private long _empty;
    private long _limited;
    private long _unknown;

    /// <summary>Those that are in a boot trace, or were.</summary>
    public long Kept => Interlocked.Read(ref _kept);

    /// <summary>Those without a text.</summary>
    public long Empty => Interlocked.Read(ref _empty);

    /// <summary>Those that were too many, of one machine or of all.</summary>
    public long Limited => Interlocked.Read(ref _limited);

    /// <summary>Those from addresses that no machine is known to have.</summary>
    public long Unknown => Interlocked.Read(ref _unknown);

    internal void Keep() => Interlocked.Increment(ref _kept);

    internal void PassOver() => Interlocked.Increment(ref _empty);

    internal void Limit() => Interlocked.Increment(ref _limited);

    internal void Refuse() => Interlocked.Increment(ref _unknown);
}
