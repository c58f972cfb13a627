using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>An image: a system that machines install or boot, as it is in the server's folder of images.</summary>
public sealed record Image
{
    /// <summary>Its name, which is its folder's.</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The version of its operating system, from its <c>image.json</c>, or null.</summary>
    public string? Version { get; init; }

    /// <summary>What its kernel is for: <c>x86_64</c>, <c>x86</c>, <c>arm64</c>, <c>arm</c> or <c>riscv64</c>; null where it has none, or its header does not say.</summary>
    public string? Architecture { get; init; }

    /// <summary>Its files that Mayu knows, those that are there.</summary>
    [AllowNull]
    public IReadOnlyList<ImageFile> Files { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>How much its disk image takes on the disk, uncompressed, in bytes; null where it has none.</summary>
    public long? DiskSizeBytes { get; init; }

    /// <summary>The profiles whose machines get it, in the order of the configuration.</summary>
    [AllowNull]
    public IReadOnlyList<string> Profiles { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>Whether machines that are discovered or installed boot it (<c>discovery_image</c>).</summary>
    public bool IsDiscovery { get; init; }

    /// <summary>How many machines installed it, are installing it, or boot it each time.</summary>
    public int Machines { get; init; }

    /// <summary>Whether it has all that its uses need; where nobody uses it, all that one use needs.</summary>
    public bool IsComplete { get; init; }

    /// <summary>What is missing or wrong, each a sentence.</summary>
    [AllowNull]
    public IReadOnlyList<string> Problems { get; init => field = ContractLists.Clean(value); } = [];
}

/// <summary>A file of an image.</summary>
public sealed record ImageFile
{
    /// <summary>Its name.</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>What it is: <c>kernel</c>, <c>initrd</c>, <c>disk</c>, <c>checksum</c> or <c>manifest</c>.</summary>
    [AllowNull]
    public string Kind { get; init => field = value ?? ""; } = "";

    /// <summary>How long it is, in bytes.</summary>
    public long SizeBytes { get; init; }
}
