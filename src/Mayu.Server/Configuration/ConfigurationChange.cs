using System.Collections.Immutable;
using Mayu.Core.Yaml;

namespace Mayu.Server.Configuration;

/// <summary>What differs between two configuration files, as keys.</summary>
internal static class ConfigurationChange
{
    /// <summary>The keys that a running server takes over, with all that is below them. Every other key needs a restart.</summary>
    public static ImmutableArray<string> Reloadable { get; } =
    [
        "auth", "defaults", "discovery_image", "files_dir", "hostinfo_helper", "images_dir", "kernel_arguments", "profiles", "secrets", "template_snippets_dir", "templates_dir", "vars",
    ];

    /// <summary>The dotted keys whose values differ; of a list, its own key.</summary>
    /// <param name="before">The one.</param>
    /// <param name="after">The other.</param>
    public static IEnumerable<string> Between(YamlMap before, YamlMap after) => Between("", before, after);

    /// <summary>Whether a running server takes a change of this key over.</summary>
    /// <param name="key">The dotted key.</param>
    public static bool IsReloadable(string key) => Reloadable.Contains(key.Split('.')[0]);

    private static IEnumerable<string> Between(string prefix, YamlMap before, YamlMap after) =>
        from key in before.Entries.Concat(after.Entries).Select(entry => entry.Key.Text).Distinct()
        let was = before[key]
        let now = after[key]
        where !AreAlike(was, now)
        from changed in IsMapOrNothing(was) && IsMapOrNothing(now) && !Reloadable.Contains(key)
            ? Between($"{prefix}{key}.", was as YamlMap ?? YamlMap.Empty, now as YamlMap ?? YamlMap.Empty)
            : [prefix + key]
        select changed;

    private static bool IsMapOrNothing(YamlNode? node) => node is null or YamlMap;

    private static bool AreAlike(YamlNode? one, YamlNode? other) => (one, other) switch
    {
        (null, null) => true,
        (YamlScalar a, YamlScalar b) => a.Text == b.Text,
        (YamlList a, YamlList b) => a.Items.Length == b.Items.Length && a.Items.Zip(b.Items).All(pair => AreAlike(pair.First, pair.Second)),
        (YamlMap a, YamlMap b) => a.Entries.Length == b.Entries.Length && a.Entries.All(entry => b[entry.Key.Text] is { } value && AreAlike(entry.Value, value)),
        _ => false,
    };
}
