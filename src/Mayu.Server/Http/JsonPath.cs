namespace Mayu.Server.Http;

/// <summary>The paths of the JSON serializer: <c>$.change['odd name'][3]</c>.</summary>
internal static class JsonPath
{
    private const int MaxLength = 300;

    /// <summary>The field that a path names, as in <see cref="Core.Machines.FieldFault"/>; null where it names none, or is too long to be one of ours.</summary>
    public static string? FieldOf(string? path) => NamesOf(path) is { Count: > 0 } names ? string.Join('/', names.Select(Escape)) : null;

    /// <summary>The names and indices of a path, the outermost first; none where it is too long to be one of ours.</summary>
    public static IReadOnlyList<string> NamesOf(string? path)
    {
        if (path is not ['$', _, .. { Length: < MaxLength }])
        {
            return [];
        }

        var names = new List<string>();
        for (var rest = path.AsSpan(1); !rest.IsEmpty;)
        {
            var (open, close) = rest.StartsWith("['") ? ("['", "']") : rest[0] == '[' ? ("[", "]") : (".", "");
            if (!rest.StartsWith(open))
            {
                return [];
            }

            rest = rest[open.Length..];
            var length = close.Length > 0 ? rest.IndexOf(close) : rest.IndexOfAny('.', '[');
            if (length < 0 && close.Length > 0)
            {
                return [];
            }

            var name = length < 0 ? rest : rest[..length];
            names.Add(name.ToString());
            rest = length < 0 ? [] : rest[(length + close.Length)..];
        }

        return names;
    }

    // RFC 6901 §4 and §6: a tilde and a slash are written so within a pointer, and the rest as in a fragment of a URI.
    private static string Escape(string name) => Uri.EscapeDataString(name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
}
