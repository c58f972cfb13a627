using System.Diagnostics.CodeAnalysis;
using Mayu.Server.Configuration;
using Mayu.Server.Preview;
using Mayu.Storage.Git;

namespace Mayu.Server.Diff;

/// <summary>One side of a comparison: the configuration as a revision has it, with its templates, or as it lies in the working tree.</summary>
internal sealed class DiffSide : IDisposable
{
    /// <summary>What the working tree is called in place of a revision.</summary>
    public const string Worktree = "worktree";

    private static readonly string[] Folders = ["templates_dir", "template_snippets_dir", "files_dir"];

    private readonly string? _exported;

    private DiffSide(string name, ConfigPreview preview, string root, string? exported) => (Name, Preview, Root, _exported) = (name, preview, root, exported);

    /// <summary>The revision, or <see cref="Worktree"/>.</summary>
    public string Name { get; }

    /// <summary>Renders this side's configs.</summary>
    public ConfigPreview Preview { get; }

    /// <summary>Where the files of the repository lie for this side; left out of messages, so that the same fault is the same text on both.</summary>
    public string Root { get; }

    /// <summary>The folders that are not kept in the repository, each as a sentence.</summary>
    public IReadOnlyList<string> Outside { get; private init; } = [];

    /// <summary>Opens a side.</summary>
    /// <param name="name">The revision, or <see cref="Worktree"/>.</param>
    /// <param name="file">The configuration file.</param>
    /// <param name="outside">What is configured outside of it.</param>
    /// <param name="repository">The repository that holds it.</param>
    /// <param name="side">The side.</param>
    /// <param name="problems">Why there is none.</param>
    public static bool TryOpen(
        string name, string file, OutsideValues outside, RevisionFiles repository, [NotNullWhen(true)] out DiffSide? side, out IReadOnlyList<string> problems)
    {
        if (name == Worktree)
        {
            var reader = ConfigurationReader.Open(file, outside);
            side = ConfigurationSchema.Bind(reader) is { } read ? new DiffSide(name, new ConfigPreview(read), repository.Root, exported: null) { Outside = [.. OutsideOf(reader, repository)] } : null;
            problems = [.. reader.Problems.Select(problem => $"{name}: {problem}")];
            return side is not null;
        }

        var folder = Directory.CreateTempSubdirectory("mayu-diff-").FullName;
        try
        {
            (side, problems) = Export(name, repository.Relative(file)!, outside, repository, folder);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }

        if (side is null)
        {
            Directory.Delete(folder, recursive: true);
        }

        return side is not null;
    }

    /// <summary>A message with paths as the repository has them.</summary>
    public string Message(string text) => text.Replace($"{Root}/", "", StringComparison.Ordinal);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_exported is not null)
        {
            Directory.Delete(_exported, recursive: true);
        }
    }

    private static (DiffSide? Side, IReadOnlyList<string> Problems) Export(string name, string file, OutsideValues outside, RevisionFiles repository, string folder)
    {
        if (!repository.TryExport(name, [file], folder, out var problem))
        {
            return (null, [problem]);
        }

        var copy = Path.Combine(folder, file);
        if (!File.Exists(copy))
        {
            return (null, [$"{name}: the revision has no file {file}"]);
        }

        var first = ConfigurationReader.Open(copy, outside);
        var kept = FoldersOf(first).Select(one => (one.Key, Path: repository.Relative(one.Folder))).Where(one => one.Path is not null).ToList();
        if (!repository.TryExport(name, kept.Select(one => one.Path!).Distinct(), folder, out problem))
        {
            return (null, [problem]);
        }

        var flags = new Dictionary<string, string>(outside.Flags, StringComparer.Ordinal);
        kept.ForEach(one => flags[one.Key] = Path.Combine(folder, one.Path!));
        var reader = ConfigurationReader.Open(copy, outside with { Flags = flags });
        return ConfigurationSchema.Bind(reader) is { } read
            ? (new DiffSide(name, new ConfigPreview(read), folder, folder) { Outside = [.. OutsideOf(first, repository)] }, [])
            : (null, [.. reader.Problems.Select(one => $"{name}: {one}".Replace($"{folder}/", "", StringComparison.Ordinal))]);
    }

    private static IEnumerable<(string Key, string Folder)> FoldersOf(ConfigurationReader reader) =>
        from key in Folders
        let folder = reader.Outside.Find(key)?.Value ?? (reader.Values[key] as Core.Yaml.YamlScalar)?.Text
        where !string.IsNullOrEmpty(folder)
        select (key, Path.GetFullPath(folder));

    private static IEnumerable<string> OutsideOf(ConfigurationReader reader, RevisionFiles repository) =>
        from one in FoldersOf(reader)
        where repository.Relative(one.Folder) is null
        select $"{one.Key} {one.Folder} is outside of the repository {repository.Root}: it is read as it is now, for every revision";
}
