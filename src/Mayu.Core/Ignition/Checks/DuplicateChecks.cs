namespace Mayu.Core.Ignition.Checks;

/// <summary>What may be in a list once only.</summary>
internal static class DuplicateChecks
{
    /// <summary>Checks the lists of an object by its model.</summary>
    public static void Check(ConfigObject map, Checker checker)
    {
        foreach (var key in map.Type.Keys.Where(key => !key.Repeats))
        {
            switch (key)
            {
                case { Kind: ValueKind.Lines }:
                    Once(map.Texts(key.Name), checker, line => $"it is in this list already, on line {line}: remove it");
                    break;
                case { Kind: ValueKind.Objects, Identity: { } identity }:
                    Once(map.Objects(key.Name).Select(item => item[identity]).OfType<ConfigText>().Where(text => text.Text.Length > 0), checker,
                        line => $"the {identity} of each item must be its own, and this one is on line {line} already");
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Checks that no string is in two lists.</summary>
    public static void Between(ConfigObject map, string first, string second, Checker checker)
    {
        if (!map.Has(first) || !map.Has(second))
        {
            return;
        }

        var lines = map.Texts(first).GroupBy(text => text.Text).ToDictionary(same => same.Key, same => same.First().Place.Line);
        foreach (var text in map.Texts(second).Where(text => lines.ContainsKey(text.Text)))
        {
            checker.Fault(text, $"it is in {checker.Name(map, first)} too, on line {lines[text.Text]}: remove it from one of the two");
        }
    }

    private static void Once(IEnumerable<ConfigText> texts, Checker checker, Func<int, string> problem)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (!lines.TryAdd(text.Text, text.Place.Line))
            {
                checker.Fault(text, problem(lines[text.Text]));
            }
        }
    }
}
