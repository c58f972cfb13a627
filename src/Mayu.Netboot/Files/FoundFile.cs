using Mayu.Linux.Files;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Netboot.Files;

/// <summary>A file that a source has: bytes in memory or an open file, and neither where it has none.</summary>
/// <param name="Bytes">What was made on the fly; nobody changes it any more.</param>
/// <param name="Handle">The open file.</param>
internal readonly record struct FoundFile(byte[]? Bytes, SafeFileHandle? Handle)
{
    /// <summary>Whether there is one.</summary>
    public bool Exists => Bytes is not null || Handle is not null;

    /// <summary>A file below a folder, and nowhere else.</summary>
    public static FoundFile Below(string folder, string name) => new(null, OpenBeneath.Open(folder, name) is { IsInvalid: false } handle ? handle : null);

    /// <summary>A file by its absolute path. The packages' files and images are links at times, and theirs to be.</summary>
    public static FoundFile At(string path) => Below("/", path[1..]);
}
