using Mayu.Primitives;

namespace Mayu.Server.Configuration;

/// <summary>What is configured outside the file: by flags, before the environment.</summary>
/// <param name="Flags">Values by dotted key, from the command line.</param>
/// <param name="Environment">The variables whose names begin with <c>MAYU_</c>.</param>
internal sealed record OutsideValues(IReadOnlyDictionary<string, string> Flags, IReadOnlyDictionary<string, string> Environment)
{
    private const string Prefix = "MAYU_";

    // mayuctl's own, and the file's name.
    private static readonly string[] OtherNames = ["MAYU_CONFIG", "MAYU_SERVER", "MAYU_CA", "MAYU_TOKEN", "MAYU_TOKEN_FILE", "MAYU_CONTEXT"];

    /// <summary>Nothing.</summary>
    public static OutsideValues None { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The environment variable of a key: <c>network.interface</c> is <c>MAYU_NETWORK_INTERFACE</c>.</summary>
    public static string NameOf(string key) => Prefix + key.Replace('.', '_').ToUpperInvariant();

    /// <summary>These flags, and the variables of this process.</summary>
    public static OutsideValues OfProcess(IReadOnlyDictionary<string, string> flags) => new(flags, System.Environment.GetEnvironmentVariables()
        .Cast<System.Collections.DictionaryEntry>()
        .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? ""))
        .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(StringComparer.Ordinal));

    /// <summary>A value, and where it stands: flag before environment; null where neither has it.</summary>
    public (string Value, string Where, bool IsFlag)? Find(string key) =>
        Flags.TryGetValue(key, out var flag) ? (flag, $"--set {key}", true)
        : Environment.TryGetValue(NameOf(key), out var value) && value.Length > 0 ? (value, NameOf(key), false)
        : null;

    /// <summary>The flags and variables that name no key.</summary>
    /// <param name="keys">All keys that can be given so.</param>
    public IEnumerable<ConfigurationProblem> Strangers(IReadOnlyCollection<string> keys)
    {
        foreach (var flag in Flags.Keys.Where(flag => !keys.Contains(flag)))
        {
            yield return new ConfigurationProblem($"--set {flag}", "", flag.Contains("[]", StringComparison.Ordinal)
                ? "an entry of a list can only be set in the file"
                : $"there is no such key{Suggestion.For(flag, keys)}");
        }

        var names = keys.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        foreach (var name in Environment.Keys.Where(name => !names.Contains(name) && !OtherNames.Contains(name, StringComparer.Ordinal) && !IsOfKubernetes(name)).Order(StringComparer.Ordinal))
        {
            yield return new ConfigurationProblem(name, "", $"no key belongs to this environment variable{Suggestion.For(name, names.Concat(OtherNames))}");
        }
    }

    // Kubernetes sets these in each container of a namespace that has a service with the name mayu.
    private static bool IsOfKubernetes(string name) =>
        name is "MAYU_PORT" || name.StartsWith("MAYU_PORT_", StringComparison.Ordinal) || name.StartsWith("MAYU_SERVICE_", StringComparison.Ordinal);
}
