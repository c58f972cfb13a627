namespace Mayu.Primitives;

/// <summary>“Did you mean …?” for names that were misspelt.</summary>
public static class Suggestion
{
    /// <summary>The end of an error message: the nearest of the known names, or nothing when none is near.</summary>
    public static string For(string given, IEnumerable<string> known) => Nearest(given, known) is { } name ? $"; did you mean \"{name}\"?" : "";

    /// <summary>The nearest of the known names; null when none is near.</summary>
    public static string? Nearest(string given, IEnumerable<string> known)
    {
        var best = known.Distinct().Select(name => (Name: name, Distance: Distance(given, name))).OrderBy(pair => pair.Distance).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, best.Name.Length / 3) ? best.Name : null;
    }

    /// <summary>Levenshtein's edit distance.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 100)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
