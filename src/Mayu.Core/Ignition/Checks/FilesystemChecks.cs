using System.Text;

namespace Mayu.Core.Ignition.Checks;

/// <summary>Filesystems.</summary>
internal static class FilesystemChecks
{
    // mkfs.ext4(8), mkfs.btrfs(8), mkfs.xfs(8), mkswap(8), mkfs.fat(8): bytes of a label.
    private static readonly Dictionary<string, int> LongestLabels = new(StringComparer.Ordinal) { ["ext4"] = 16, ["btrfs"] = 256, ["xfs"] = 12, ["swap"] = 15, ["vfat"] = 11 };

    /// <summary>Checks all of them.</summary>
    public static void Check(ConfigObject storage, Checker checker)
    {
        foreach (var filesystem in storage.Objects("filesystems"))
        {
            Paths.CheckIfAny(filesystem, "path", checker);
            if (checker.Spec.Major == 3)
            {
                CheckMade(filesystem, checker);
            }
            else if (filesystem.Object("mount") is { } mount)
            {
                CheckMade(mount, checker);
            }

            if (checker.Spec.Major == 2 && filesystem.Has("mount") == filesystem.Has("path"))
            {
                checker.Fault(filesystem, "a filesystem has either mount or path");
            }
        }
    }

    private static void CheckMade(ConfigObject filesystem, Checker checker)
    {
        Paths.CheckNeeded(filesystem, "device", checker);
        var format = filesystem.Text("format");
        if (format is null or "")
        {
            if (!filesystem.HasText("format") && NeedsFormat(filesystem, checker.Spec))
            {
                checker.Fault(filesystem, "format", $"it is missing: write {Formats(checker.Spec)}");
            }
        }
        else if (!LongestLabels.ContainsKey(format) && !(format == "none" && checker.Spec >= new IgnitionSpec(3, 3)))
        {
            checker.Fault(filesystem, "format", $"it must be {Formats(checker.Spec)}{(format == "none" ? "; none came with Ignition spec 3.3.0" : "")}");
        }
        else if (filesystem.Text("label") is { } label && LongestLabels.TryGetValue(format, out var longest) && Encoding.UTF8.GetByteCount(label) > longest)
        {
            checker.Fault(filesystem, "label", $"a label of {format} has at most {longest} bytes");
        }
    }

    // Spec 2 always makes the filesystem; spec 3 can also name a device and nothing else.
    private static bool NeedsFormat(ConfigObject filesystem, IgnitionSpec spec) => spec.Major == 2
        || filesystem.HasText("path") || filesystem.HasText("label") || filesystem.HasText("uuid") || filesystem.Flag("wipeFilesystem") == true
        || filesystem.Texts("options").Any() || filesystem.Texts("mountOptions").Any();

    private static string Formats(IgnitionSpec spec) => $"{string.Join(", ", LongestLabels.Keys.SkipLast(1))}{(spec >= new IgnitionSpec(3, 3) ? ", vfat or none" : " or vfat")}";
}
