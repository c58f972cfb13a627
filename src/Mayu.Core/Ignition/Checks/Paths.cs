namespace Mayu.Core.Ignition.Checks;

/// <summary>Paths on the machine.</summary>
internal static class Paths
{
    /// <summary>Checks the path of a key that must be there.</summary>
    public static void CheckNeeded(ConfigObject of, string key, Checker checker)
    {
        if (!of.HasText(key))
        {
            checker.Fault(of, key, "it is missing: write the absolute path");
        }

        CheckIfAny(of, key, checker);
    }

    /// <summary>Checks the path of a key where it is there.</summary>
    public static void CheckIfAny(ConfigObject of, string key, Checker checker)
    {
        if (of[key] is ConfigText text)
        {
            Check(text, checker);
        }
    }

    /// <summary>Checks a path where it is not empty.</summary>
    public static void Check(ConfigText path, Checker checker)
    {
        if (path.Text.Length > 0 && Problem(path.Text) is { } problem)
        {
            checker.Fault(path, problem);
        }
    }

    private static string? Problem(string path) =>
        path[0] != '/' ? "the path must be absolute: begin it with /"
        : path.Length > 1 && path[1..].Split('/').Any(part => part is "" or "." or "..") ? "the path must be in its simplest form: without //, /./, /../ and without / at its end"
        : null;
}
