using System.Globalization;

namespace Mayu.Lab.Demo;

/// <summary>Each run has a folder of its own, so that nothing an earlier one left can be in its way.</summary>
internal static class DemoFolders
{
    private const string Latest = "latest";

    /// <summary>The folder for a new run; the link <c>latest</c> beside it leads there.</summary>
    public static string Prepare(DemoOptions options)
    {
        var parent = Path.GetFullPath(options.WorkFolder);
        Directory.CreateDirectory(parent);
        var name = "run-" + TimeProvider.System.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var folder = Path.Combine(parent, name);
        for (var again = 2; Directory.Exists(folder); again++)
        {
            folder = Path.Combine(parent, $"{name}-{again}");
        }

        Directory.CreateDirectory(folder);
        var latest = Path.Combine(parent, Latest);
        File.Delete(latest);
        File.CreateSymbolicLink(latest, Path.GetFileName(folder));
        return folder;
    }

    /// <summary>Removes the link when the run it leads to is gone, and the folder of the runs when nothing is left in it.</summary>
    public static void Tidy(DemoOptions options)
    {
        var parent = Path.GetFullPath(options.WorkFolder);
        var latest = new FileInfo(Path.Combine(parent, Latest));
        if (latest.LinkTarget is { } run && !Directory.Exists(Path.Combine(parent, run)))
        {
            latest.Delete();
        }

        if (Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any())
        {
            Directory.Delete(parent);
        }
    }
}
