using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>How a store with a history works. The defaults suit a server.</summary>
public sealed record GitOptions : StoreOptions
{
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
}
