namespace Mayu.Core.Ignition.Checks;

/// <summary>The paths of a config together: each is one thing, and only directories have something below them.</summary>
internal static class PathTree
{
    private const string UnitFolder = "/etc/systemd/system/";

    private static readonly string[] Lists = ["files", "directories", "links"];

    /// <summary>Checks the files, directories and links of spec 3. In spec 2 a path may be there several times: what comes later wins, or is appended.</summary>
    public static void Check(ConfigObject storage, Checker checker)
    {
        if (checker.Spec.Major == 2)
        {
            return;
        }

        var nodes = new Dictionary<string, (ConfigText Path, string Kind)>(StringComparer.Ordinal);
        foreach (var list in Lists)
        {
            foreach (var path in storage.Objects(list).Select(node => node["path"]).OfType<ConfigText>().Where(path => path.Text.Length > 0))
            {
                if (!nodes.TryAdd(path.Text, (path, list)))
                {
                    checker.Fault(path, $"each file, directory and link has its own path, and this one is on line {nodes[path.Text].Path.Place.Line} already");
                }
            }
        }

        foreach (var (path, _) in nodes.Values)
        {
            if (Above(path.Text).FirstOrDefault(above => nodes.TryGetValue(above, out var node) && node.Kind != "directories") is { } above)
            {
                checker.Fault(path, $"it is below the path on line {nodes[above].Path.Place.Line}, which is a {(nodes[above].Kind == "files" ? "file" : "link")}: only a directory can hold something");
            }
        }
    }

    /// <summary>Checks that no file stands where a unit is written.</summary>
    public static void CheckUnits(ConfigObject config, Checker checker)
    {
        var units = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var unit in config.Object("systemd")?.Objects("units") ?? [])
        {
            if (unit.HasText("contents"))
            {
                units.TryAdd(UnitFolder + unit.Text("name"), unit.Place.Line);
            }

            foreach (var dropin in unit.Objects("dropins").Where(dropin => dropin.HasText("contents")))
            {
                units.TryAdd($"{UnitFolder}{unit.Text("name")}.d/{dropin.Text("name")}", dropin.Place.Line);
            }
        }

        foreach (var path in Lists.SelectMany(list => config.Object("storage")?.Objects(list) ?? []).Select(node => node["path"]).OfType<ConfigText>())
        {
            if (units.TryGetValue(path.Text, out var line))
            {
                checker.Fault(path, $"the systemd unit or drop-in on line {line} is written to this path: remove one of the two");
            }
        }
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            yield return path[..end];
        }
    }
}
