using Mayu.Core.Yaml;

namespace Mayu.Core.Rendering;

/// <summary>Finds the values of a rendered text that are made of placeholders: those that are others in the text with other placeholders.</summary>
/// <param name="text">The text.</param>
/// <param name="others">Renders the text with other placeholders; null: it cannot be.</param>
internal sealed class PlaceholderPlaces(string text, Func<string?> others)
{
    private readonly Lazy<Differences> _differences = new(() => Differences.Between(text, others()), LazyThreadSafetyMode.None);

    /// <summary>Whether the value at a place is made of one.</summary>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column, from 1.</param>
    public bool Holds(int line, int column) => _differences.Value.Has(line, column);

    // Without places: of a text that has other lines or values no place is known, so every place may be made of one.
    private sealed record Differences(List<(int Line, int Column, bool Differs)>? Places)
    {
        private static readonly Differences Everywhere = new(Places: null);

        public static Differences Between(string text, string? other)
        {
            if (other is null)
            {
                return Everywhere;
            }

            try
            {
                var (scalars, theirs) = (Scalars(YamlLoader.Load(text)), Scalars(YamlLoader.Load(other)));
                return scalars.Count == theirs.Count
                    ? new Differences([.. scalars.Zip(theirs, (one, its) => (one.Line, one.Column, one.Text != its.Text)).OrderBy(place => (place.Line, place.Column))])
                    : Everywhere;
            }
            catch (YamlFaultException)
            {
                var (lines, theirs) = (text.Split('\n'), other.Split('\n'));
                return lines.Length == theirs.Length ? new Differences([.. lines.Zip(theirs, (line, its) => line != its).Select((differs, i) => (i + 1, 1, differs))]) : Everywhere;
            }
        }

        // The last value that begins there or before.
        public bool Has(int line, int column) => Places is null || Places.FindLast(place => (place.Line, place.Column).CompareTo((line, column)) <= 0).Differs;

        private static List<YamlScalar> Scalars(YamlNode? root)
        {
            var (found, seen) = (new List<YamlScalar>(), new HashSet<YamlNode>(ReferenceEqualityComparer.Instance));
            Add(root);
            return found;

            void Add(YamlNode? node)
            {
                if (node is null || !seen.Add(node))
                {
                    return; // an alias
                }

                switch (node)
                {
                    case YamlScalar scalar:
                        found.Add(scalar);
                        break;
                    case YamlList list:
                        list.Items.ToList().ForEach(Add);
                        break;
                    case YamlMap map:
                        foreach (var (key, value) in map.Entries)
                        {
                            Add(key);
                            Add(value);
                        }

                        break;
                }
            }
        }
    }
}
