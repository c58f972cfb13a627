namespace Mayu.Core.Ignition.Checks;

/// <summary>Files, directories and links.</summary>
internal static class NodeChecks
{
    private const int MostMode = 0xFFF; // 07777
    private const int SpecialBits = 0xE00; // 07000

    private static readonly string[] Lists = ["files", "directories", "links"];

    private static readonly string[] Owners = ["user", "group"];

    /// <summary>Checks all of them.</summary>
    public static void Check(ConfigObject storage, Checker checker)
    {
        foreach (var node in Lists.SelectMany(storage.Objects))
        {
            Paths.CheckNeeded(node, "path", checker);
            CheckMode(node, checker);
            CheckOwners(node, checker);
            CheckFilesystem(node, storage, checker);
        }

        foreach (var file in storage.Objects("files"))
        {
            CheckFile(file, checker);
        }

        foreach (var link in storage.Objects("links"))
        {
            CheckLink(link, storage, checker);
        }

        PathTree.Check(storage, checker);
    }

    private static void CheckMode(ConfigObject node, Checker checker)
    {
        if (node.Number("mode") is > MostMode)
        {
            checker.Fault(node, "mode", "a mode goes from 0000 to 07777");
        }
        else if (node.Number("mode") is { } mode && (mode & SpecialBits) != 0 && checker.Spec < new IgnitionSpec(3, 6))
        {
            // A mode of three decimal digits was meant in octal most of the time: 755 is 01363.
            checker.Faults.Add(node.At("mode").Place,
                "this number has setuid, setgid or sticky set, which Ignition supports from spec 3.6.0 on: write a mode that is meant in octal with a zero before it (0644)",
                $"; this is {Convert.ToString(mode, 8).PadLeft(5, '0')} in octal");
        }
    }

    private static void CheckOwners(ConfigObject node, Checker checker)
    {
        foreach (var owner in Owners.Select(node.Object).Where(owner => owner?.Has("id") == true && owner.HasText("name")))
        {
            checker.Fault(owner!, "it has both an id and a name: write one of them");
        }
    }

    private static void CheckFilesystem(ConfigObject node, ConfigObject storage, Checker checker)
    {
        if (checker.Spec.Major == 2 && !node.HasText("filesystem"))
        {
            checker.Fault(node, "filesystem", "it is missing: write root, or the name of one of storage.filesystems");
        }
        else if (node.Text("filesystem") is { } name && name != "root" && !storage.Objects("filesystems").Any(filesystem => filesystem.Text("name") == name))
        {
            checker.Fault(node, "filesystem", "no filesystem of this config has this name: write root, or the name of one of storage.filesystems");
        }
    }

    private static void CheckFile(ConfigObject file, Checker checker)
    {
        foreach (var contents in file.Objects("append").Concat(file.Object("contents") is { } own ? [own] : []))
        {
            ResourceChecks.Check(contents, checker);
        }

        if (file.Flag("overwrite") == true && checker.Spec.Major == 3 && file.Object("contents")?.Has("source") != true)
        {
            checker.Fault(file, "overwrite", $"there is nothing to overwrite the file with: write {checker.Name(file, "contents")}, or leave this key out");
        }

        if (file.Flag("overwrite") == true && file.Flag("append") == true)
        {
            checker.Fault(file, "overwrite", "a file is overwritten or appended to, not both: remove one of the keys");
        }
    }

    private static void CheckLink(ConfigObject link, ConfigObject storage, Checker checker)
    {
        if (!link.HasText("target"))
        {
            checker.Fault(link, "target", "it is missing: write where the link points to");
        }

        if (link.Flag("hard") != true)
        {
            return;
        }

        if (storage.Objects("directories").Any(directory => directory.Text("path") == link.Text("target") && directory.Text("filesystem") == link.Text("filesystem")))
        {
            checker.Fault(link, "target", "a hard link cannot point to a directory: remove hard, or point it to a file");
        }

        foreach (var owner in Owners.Where(link.Has))
        {
            checker.Fault(link, owner, "a hard link has the owner of the file that it points to: remove this key");
        }
    }
}
