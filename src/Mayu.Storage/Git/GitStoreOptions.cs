namespace Mayu.Storage.Git;

/// <summary>How a git store works. The defaults suit a server.</summary>
public sealed record GitStoreOptions
{
    /// <summary>How many changes may share a commit, 1 or more.</summary>
    /// <value>256</value>
    public int MaxBatch { get; init; } = 256;

    /// <summary>How many changes may wait for the writer before further ones wait outside, 1 or more.</summary>
    /// <value>4096</value>
    public int QueueLength { get; init; } = 4096;

    /// <summary>For how long no change must have come before git's index is brought up.</summary>
    /// <value>20 ms</value>
    public TimeSpan IndexIdle { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>For how long git's index may stay behind when changes never cease.</summary>
    /// <value>5 s</value>
    public TimeSpan IndexMaxAge { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often to look for what hands did in the directory, and whether a disk in trouble is well again.</summary>
    /// <value>1 s</value>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For how long a file that hands changed must have stayed as it is before it is read.</summary>
    /// <value>1 s</value>
    public TimeSpan HandsSettle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many loose objects may lie about before `git` packs them, where it is installed.</summary>
    /// <value>6,000</value>
    public int PackAfterObjects { get; init; } = 6_000;

    /// <summary>How many bytes of loose objects may lie about before `git` packs them, where it is installed.</summary>
    /// <value>256 MiB</value>
    public long PackAfterBytes { get; init; } = 256L << 20;

    /// <summary>For how long to wait after packing failed.</summary>
    /// <value>10 minutes</value>
    public TimeSpan PackRetry { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many packs there may be before they are put together into one: each look-up asks every pack.</summary>
    /// <value>30</value>
    public int MaxPacks { get; init; } = 30;

    /// <summary>A remote, by URL or by its name in the repository, that each commit is pushed to; null: none.</summary>
    public string? PushRemote { get; init; }

    /// <summary>For how long to wait after a commit for others before they are pushed; doubled after each failure.</summary>
    /// <value>2 s</value>
    public TimeSpan PushDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Called at each step of the commit path; tests fail or die there.</summary>
    internal Action<CommitStep>? AtStep { get; init; }
}
