using System.Runtime.CompilerServices;

namespace Mayu.Tests;

/// <summary>
/// A configuration folder of each test program's own, for it and for the programs that it starts: a context of mayuctl that somebody has chosen is not the
/// tests' server, and theirs is not his.
/// </summary>
internal static class OwnConfigHome
{
    [ModuleInitializer]
    internal static void Set()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"mayu-tests-config-{Environment.ProcessId}");
        Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        };
    }
}
