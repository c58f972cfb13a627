using System.Globalization;

namespace Mayu.Lab.Demo;

/// <summary>Each run has a folder of its own, so that nothing an earlier one left can be in its way.</summary>
internal static class DemoFolders
{
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
        var latest = Path.Combine(parent, "latest");
        File.Delete(latest);
        File.CreateSymbolicLink(latest, Path.GetFileName(folder));
        return folder;
    }
}
