using System.Diagnostics.CodeAnalysis;
using LibGit2Sharp;
using Mayu.Primitives;

namespace Mayu.Storage.Git;

/// <summary>Files of a git repository as a revision has them. Nothing of the repository is changed, and no git is run.</summary>
public sealed class RevisionFiles : IDisposable
{
    private const int MaxFiles = 100_000;
    private const int MaxDepth = 32;
    private const int LongestName = 100;

    // No reader takes a file of this size; that one is so large is for them to tell.
    private const int MaxFileBytes = 2 * 1024 * 1024;

    private readonly Repository _repository;

    private RevisionFiles(Repository repository) => (_repository, Root) = (repository, Path.TrimEndingDirectorySeparator(repository.Info.WorkingDirectory));

    /// <summary>The working tree, absolute.</summary>
    public string Root { get; }

    /// <summary>The repository in whose working tree a file lies; null where it lies in none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The repository is damaged.</exception>
    public static RevisionFiles? Find(string path)
    {
        try
        {
            return GitLibrary.Discover(RealPath(Path.GetFullPath(path), MaxDepth)) is { Info.IsBare: false } repository ? new RevisionFiles(repository) : null;
        }
        catch (LibGit2SharpException e)
        {
            throw new IOException($"the git repository of {path} cannot be opened: {e.Reason()}", e);
        }
    }

    /// <summary>The path of a file below <see cref="Root"/>, with slashes, empty for itself; null where it is outside.</summary>
    /// <param name="path">The file.</param>
    public string? Relative(string path)
    {
        var relative = Path.GetRelativePath(Root, RealPath(Path.GetFullPath(path), MaxDepth));
        return relative == "." ? "" : relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? null : relative;
    }

    /// <summary>Writes files and folders of a revision below a folder, at their paths. What the revision does not have is left out.</summary>
    /// <param name="revision">What git takes for one: a branch, a tag, <c>HEAD~2</c>, digits of a commit.</param>
    /// <param name="paths">Paths as <see cref="Relative"/> has them.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="problem">Why not, as a sentence.</param>
    public bool TryExport(string revision, IEnumerable<string> paths, string folder, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        try
        {
            if (_repository.Lookup<Commit>(revision) is not { } commit)
            {
                problem = $"{revision} is not a revision of the git repository {Root}";
                return false;
            }

            var left = MaxFiles;
            foreach (var path in paths)
            {
                LibGit2Sharp.GitObject? target = path.Length == 0 ? commit.Tree : commit[path]?.Target;
                problem ??= Write(target, path.Length == 0 ? Mode.Directory : commit[path]?.Mode ?? Mode.Directory, Path.Combine(folder, path), depth: 0, ref left);
            }
        }
        catch (LibGit2SharpException e)
        {
            problem = $"{revision} cannot be read from the git repository {Root}: {e.Reason()}";
        }

        return problem is null;
    }

    /// <inheritdoc/>
    public void Dispose() => _repository.Dispose();

    // git knows its working tree without links: /etc/mayu may be one that leads into it.
    private static string RealPath(string path, int left)
    {
        if (left == 0 || Path.GetDirectoryName(path) is not { } above)
        {
            return path;
        }

        var here = Path.Combine(RealPath(above, left - 1), Path.GetFileName(path));
        return new DirectoryInfo(here).LinkTarget is { } target ? RealPath(Path.GetFullPath(target, Path.GetDirectoryName(here)!), left - 1) : here;
    }

    private static string? Write(LibGit2Sharp.GitObject? what, Mode mode, string path, int depth, ref int left)
    {
        if (depth > MaxDepth || left-- <= 0)
        {
            return depth > MaxDepth ? $"its folders are more than {MaxDepth} deep" : $"it has more than the {MaxFiles} files that are allowed";
        }

        switch (what)
        {
            case Tree tree:
                if (new DirectoryInfo(path).LinkTarget is not null)
                {
                    return "it has a folder and a link of the same name, which git does not allow";
                }

                Directory.CreateDirectory(path);
                foreach (var entry in tree.Where(entry => entry.TargetType != TreeEntryTargetType.GitLink))
                {
                    // git itself makes no such tree, but whoever can push can.
                    if (entry.Name is "" or "." or ".." || entry.Name.Contains('/', StringComparison.Ordinal))
                    {
                        return $"it has a file with the name \"{CutText.Of(entry.Name, LongestName)}\", which git does not allow";
                    }

                    if (Write(entry.Target, entry.Mode, Path.Combine(path, entry.Name), depth + 1, ref left) is { } problem)
                    {
                        return problem;
                    }
                }

                return null;
            case Blob blob:
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                // Two folders of the configuration may lie in each other.
                if (new FileInfo(path) is { Exists: false, LinkTarget: null })
                {
                    WriteFile(blob, mode, path);
                }

                return null;
            default:
                return null;
        }
    }

    private static void WriteFile(Blob blob, Mode mode, string path)
    {
        if (mode == Mode.SymbolicLink)
        {
            File.CreateSymbolicLink(path, blob.GetContentText());
            return;
        }

        using var from = blob.GetContentStream();
        var bytes = new byte[(int)Math.Min(blob.Size, MaxFileBytes)];
        from.ReadExactly(bytes);
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(bytes);
        }

        if (mode == Mode.ExecutableFile && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        }
    }
}
