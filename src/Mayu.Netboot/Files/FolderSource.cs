using System.Diagnostics.CodeAnalysis;
using Mayu.Linux.Files;
using Mayu.Primitives;

namespace Mayu.Netboot.Files;

/// <summary>The operator's own files, <c>tftp_root</c>.</summary>
/// <param name="root">The folder; null for none.</param>
internal sealed class FolderSource(string? root) : IFileSource
{
    /// <inheritdoc/>
    public FoundFile Find(string name, Ipv4 client, bool isServed) => root is null ? default : FoundFile.Below(root, name);

    /// <summary>Checks the folder.</summary>
    /// <param name="root">The folder; null for none.</param>
    /// <param name="problem">What is wrong, as a sentence that names it; null when nothing is.</param>
    public static bool TryCheck(string? root, [NotNullWhen(false)] out string? problem)
    {
        problem = root is null || Directory.Exists(root) ? null
            : ClosedPath.Advise(root) is { } closed ? $"tftp_root is {root}, which cannot be used: {closed}"
            : File.Exists(root) ? $"tftp_root is {root}, which is a file; it must be a folder"
            : $"tftp_root is {root}, but there is no such folder; create it, or leave tftp_root out if Debian's boot loaders are enough";
        return problem is null;
    }
}
