namespace Mayu.Storage.Folders;

/// <summary>How a store works. The defaults suit a server.</summary>
public record StoreOptions
{
    /// <summary>How many changes may be made durable together, 1 or more.</summary>
    /// <value>256</value>
    public int MaxBatch { get; init; } = 256;

    /// <summary>How many changes may wait for the writer before further ones wait outside, 1 or more.</summary>
    /// <value>4096</value>
    public int QueueLength { get; init; } = 4096;

    /// <summary>For how long no change must have come before idle work is done: with a history, git's index is brought up.</summary>
    /// <value>20 ms</value>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>For how long idle work may wait when changes never cease.</summary>
    /// <value>5 s</value>
    public TimeSpan IdleAtLatest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often to look for edits in the directory, and whether a disk in trouble is well again.</summary>
    /// <value>1 s</value>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For how long a file that somebody edited must have stayed as it is before it is read.</summary>
    /// <value>1 s</value>
    public TimeSpan EditSettle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Called at each step of the commit path; tests fail or die there.</summary>
    internal Action<CommitStep>? AtStep { get; init; }
}
