using Mayu.Core.Ignition;

namespace Mayu.Core.Butane;

/// <summary>Makes files and links of whole folders (<c>storage.trees</c>). An entry of the config for the same path says owner and mode.</summary>
/// <param name="files">The folders.</param>
/// <param name="contents">Puts contents into files.</param>
/// <param name="faults">Takes what is wrong.</param>
internal sealed class EmbeddedTrees(IEmbeddedFiles files, EmbeddedContents contents, FaultList faults)
{
    private const int MostFiles = 1000;

    private static readonly string[] Lists = ["files", "directories", "links"];

    private int _files;

    /// <summary>Takes the trees of a config.</summary>
    public void Take(ConfigObject storage)
    {
        foreach (var tree in storage.Objects("trees").ToList())
        {
            if (!tree.HasText("local"))
            {
                faults.Add(tree, "local is missing: write the folder's path below files_dir");
            }
            else if (tree.Text("local") is { } local)
            {
                Take(tree, local, storage);
            }
        }

        storage.Remove("trees");
    }

    private void Take(ConfigObject tree, string local, ConfigObject storage)
    {
        var at = tree.At("local").Place;
        try
        {
            foreach (var file in files.Below(local))
            {
                if (++_files > MostFiles)
                {
                    faults.Add(at, $"the trees of a config have at most {MostFiles} files");
                    return;
                }

                Take(file, local, $"{tree.Text("path")?.TrimEnd('/')}/{file.Path}", at, storage);
            }
        }
        catch (EmbeddedFileException e)
        {
            faults.Add(at, e.Message);
        }
    }

    private void Take(EmbeddedFile file, string local, string path, Place at, ConfigObject storage)
    {
        var (list, content) = file.Target is null ? ("files", "contents") : ("links", "target");
        var others = Lists.Where(other => other != list);
        if (others.SelectMany(storage.Objects).Any(other => other.Text("path") == path) || Entry(storage, list, path) is { } given && IsFilled(given, content))
        {
            faults.Add(at, $"the tree has {file.Path}, and the config has something for that path already: an entry for a path of a tree has no {content}");
            return;
        }

        var entry = Entry(storage, list, path) ?? Added(storage, list, path, at);
        if (file.Target is { } target)
        {
            entry.Set("target", new ConfigText(at, target));
        }
        else if (contents.File($"{local.TrimEnd('/')}/{file.Path}", at, file.Path) is { } bytes)
        {
            contents.SetSource(entry.Section("contents"), bytes, at);
            entry.Set("mode", entry["mode"] ?? new ConfigNumber(at, file.IsExecutable ? 0x1ED /* 0755 */ : 0x1A4 /* 0644 */));
        }
    }

    private static bool IsFilled(ConfigObject entry, string content) => entry.HasText(content) || entry.Object(content)?.Has("source") == true;

    private static ConfigObject? Entry(ConfigObject storage, string list, string path) => storage.Objects(list).FirstOrDefault(entry => entry.Text("path") == path);

    private static ConfigObject Added(ConfigObject storage, string list, string path, Place at)
    {
        var entry = new ConfigObject(at, storage.Type[list]!.Object!);
        entry.Set("path", new ConfigText(at, path));
        storage.ListOf(list).Items.Add(entry);
        return entry;
    }
}
