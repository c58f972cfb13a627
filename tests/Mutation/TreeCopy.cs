namespace Mayu.Mutation;

/// <summary>A copy of what git would commit of a repository, in a temporary folder that goes with it. The repository itself is only read.</summary>
internal sealed class TreeCopy : IDisposable
{
    private TreeCopy(string root) => Root = root;

    /// <summary>The copy's own root.</summary>
    public string Root { get; }

    public static async Task<TreeCopy> OfAsync(string repository, CancellationToken cancellation)
    {
        var listed = await ChildProgram.RunAsync(
            "git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"], repository, environment: null, Timeout.InfiniteTimeSpan, cancellation);
        if (listed.ExitCode != 0)
        {
            throw new MutationException($"{repository} is not a git repository: {listed.Output}");
        }

        var copy = new TreeCopy(Directory.CreateTempSubdirectory("mayu-mutation-").FullName);
        // Tests have temporary files below it, and run programs there as other users.
        File.SetUnixFileMode(copy.Root, File.GetUnixFileMode(copy.Root) | UnixFileMode.OtherExecute);
        foreach (var path in listed.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var (from, to) = (Path.Combine(repository, path), Path.Combine(copy.Root, path));
            // One that was deleted but not yet committed is still listed.
            if (File.Exists(from))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(from, to);
            }
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
