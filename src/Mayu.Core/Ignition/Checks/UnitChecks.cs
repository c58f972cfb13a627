using System.Text.RegularExpressions;

namespace Mayu.Core.Ignition.Checks;

/// <summary>Units of systemd, and those of systemd-networkd in spec 2.</summary>
internal static partial class UnitChecks
{
    private const int LongestName = 255; // systemd.unit(5)

    /// <summary>Checks all of them.</summary>
    public static void Check(ConfigObject config, Checker checker)
    {
        foreach (var unit in config.Object("systemd")?.Objects("units") ?? [])
        {
            CheckName(unit, UnitName(), "it must be the name of a unit: letters, digits and :-_.\\@, and a type at its end (.service, .mount, .timer)", checker);
            CheckUnit(unit, checker);
        }

        foreach (var unit in config.Object("networkd")?.Objects("units") ?? [])
        {
            CheckName(unit, NetworkName(), "it must be the name of a file of systemd-networkd, with .network, .netdev or .link at its end", checker);
            CheckUnit(unit, checker);
        }

        PathTree.CheckUnits(config, checker);
    }

    private static void CheckUnit(ConfigObject unit, Checker checker)
    {
        var sections = CheckContents(unit, checker);
        if (unit.Flag("enabled") == true && unit.HasText("contents") && sections?.Contains("Install") == false)
        {
            checker.Fault(unit, "contents", "the unit is enabled and has nothing in a section [Install], so it would not be started: add for instance WantedBy=multi-user.target there");
        }

        foreach (var dropin in unit.Objects("dropins"))
        {
            CheckName(dropin, DropinName(), "it must be the name of a drop-in, with .conf at its end", checker);
            CheckContents(dropin, checker);
        }
    }

    private static void CheckName(ConfigObject unit, Regex form, string problem, Checker checker)
    {
        if (unit["name"] is not ConfigBroken && !(unit.Text("name") is { Length: <= LongestName } name && form.IsMatch(name)))
        {
            checker.Fault(unit, "name", problem);
        }
    }

    private static HashSet<string>? CheckContents(ConfigObject unit, Checker checker)
    {
        if (unit.Text("contents") is not { } contents)
        {
            return null;
        }

        if (UnitSyntax.Problem(contents, out var sections) is not { } problem)
        {
            return sections;
        }

        checker.Fault(unit, "contents", problem);
        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9:\-_.\\@]+\.(service|socket|device|mount|automount|swap|target|path|timer|snapshot|slice|scope)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UnitName();

    [GeneratedRegex(@"\A[^/\x00-\x20]+\.(network|netdev|link)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NetworkName();

    [GeneratedRegex(@"\A[^/\x00-\x1f]+\.conf\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DropinName();
}
