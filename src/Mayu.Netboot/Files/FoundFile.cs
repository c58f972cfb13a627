using Mayu.Linux.Files;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Netboot.Files;

/// <summary>A file that a source has: bytes in memory, an open file, or one that the server may not read; none of them where it has none.</summary>
/// <param name="Bytes">What was made on the fly; nobody changes it any more.</param>
/// <param name="Handle">The open file.</param>
/// <param name="IsClosed">Whether it is there, as far as can be seen, and permissions keep the server from it.</param>
internal readonly record struct FoundFile(byte[]? Bytes, SafeFileHandle? Handle, bool IsClosed = false)
{
    /// <summary>What it is called in marks and logs, where its name holds a secret; null: by its name.</summary>
    public string? ShownName { get; init; }

    /// <summary>Whether there is one.</summary>
    public bool Exists => Bytes is not null || Handle is not null || IsClosed;

    /// <summary>A file below a folder, and nowhere else.</summary>
    public static FoundFile Below(string folder, string name) => OpenBeneath.Open(folder, name, out var problem) is { IsInvalid: false } handle
        ? new(null, handle)
        : new(null, null, problem == OpenProblem.Closed);

    /// <summary>A file by its absolute path. The packages' files and images are links at times, and theirs to be.</summary>
    public static FoundFile At(string path) => Below("/", path[1..]);
}
