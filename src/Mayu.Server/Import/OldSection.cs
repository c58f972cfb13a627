using System.Text.Json.Nodes;
using Mayu.Core.Yaml;
using Mayu.Primitives;

namespace Mayu.Server.Import;

/// <summary>A map of the first Mayu's configuration. What nobody takes is told by <see cref="Close"/>.</summary>
/// <param name="path">Its dotted path.</param>
/// <param name="map">The map; null: the file does not have it.</param>
/// <param name="losses">Where it is told what is not carried over.</param>
internal sealed class OldSection(string path, YamlMap? map, List<ImportLoss> losses)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Whether the file has it.</summary>
    public bool IsGiven => map is { Entries.Length: > 0 };

    /// <summary>The dotted path of a key.</summary>
    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>The value of a key, which counts as taken; null where it is not there or empty.</summary>
    public YamlNode? Take(string key)
    {
        _taken.Add(key);
        return map?[key] is { } node and not YamlScalar { IsNull: true } ? node : null;
    }

    /// <summary>A single value as text.</summary>
    public string? Text(string key) => Take(key) switch
    {
        null => null,
        YamlScalar { Text: "" } => null,
        YamlScalar scalar => scalar.Text,
        var other => Lost<string?>(key, other, "a single value was expected here"),
    };

    /// <summary>True or false, in every spelling of YAML 1.1, which the first Mayu read.</summary>
    public bool? Flag(string key) => Text(key)?.ToLowerInvariant() switch
    {
        null => null,
        "true" or "yes" or "on" or "y" => true,
        "false" or "no" or "off" or "n" => false,
        var other => Lost<bool?>(key, Take(key), $"\"{other}\" is not true or false"),
    };

    /// <summary>An IPv4 address.</summary>
    public Ipv4? Address(string key) =>
        Text(key) is not { } text ? null : Ipv4.TryParse(text, out var address) ? address : Lost<Ipv4?>(key, Take(key), $"\"{text}\" is not an IPv4 address");

    /// <summary>A whole number.</summary>
    public int? Number(string key) => Text(key) is not { } text ? null
        : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
        : Lost<int?>(key, Take(key), $"\"{text}\" is not a number");

    /// <summary>The length of a prefix, which was written as such or as a mask.</summary>
    public int? Prefix(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text.TrimStart('/'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var length) && length is > 0 and <= 32)
        {
            return length;
        }

        if (Ipv4.TryParse(text, out var mask) && System.Numerics.BitOperations.PopCount(mask.Value) is > 0 and var ones && mask.Value == uint.MaxValue << (32 - ones))
        {
            return ones;
        }

        return Lost<int?>(key, Take(key), $"\"{text}\" is not a prefix length from 1 to 32");
    }

    /// <summary>A list of addresses; each that is none is told.</summary>
    public JsonArray Addresses(string key) =>
        [.. Texts(key).Where(item => Ipv4.TryParse(item.Text, out _) || !Lose(key, item, $"\"{item.Text}\" is not an IPv4 address")).Select(item => (JsonNode?)JsonValue.Create(item.Text))];

    /// <summary>A list of single values.</summary>
    public IEnumerable<YamlScalar> Texts(string key) => Take(key) switch
    {
        null => [],
        YamlList list => [.. list.Items.Where(item => item is YamlScalar || !Lose(key, item, "a single value was expected here")).Cast<YamlScalar>()],
        YamlScalar one => [one],
        var other => Lost<YamlScalar[]>(key, other, "a list was expected here") ?? [],
    };

    /// <summary>A map below.</summary>
    public OldSection Section(string key) => Take(key) switch
    {
        null => new OldSection(PathOf(key), null, losses),
        YamlMap below => new OldSection(PathOf(key), below, losses),
        var other => Lost<OldSection?>(key, other, "a map was expected here") ?? new OldSection(PathOf(key), null, losses),
    };

    /// <summary>A list of maps below.</summary>
    public IEnumerable<OldSection> Sections(string key) => Take(key) switch
    {
        null => [],
        YamlList list =>
        [
            .. list.Items.Select((item, i) => (item, i)).Where(one => one.item is YamlMap || !Lose($"{key}[{one.i}]", one.item, "a map was expected here"))
                .Select(one => new OldSection($"{PathOf(key)}[{one.i}]", (YamlMap)one.item, losses)),
        ],
        var other => Lost<IEnumerable<OldSection>>(key, other, "a list of maps was expected here") ?? [],
    };

    /// <summary>Tells that a key is not carried over, if the file has it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="why">Why, and what to do.</param>
    public void Lose(string key, string why)
    {
        if (Take(key) is { } node)
        {
            Lose(key, node, why);
        }
    }

    /// <summary>Tells every key that nobody took.</summary>
    public void Close()
    {
        foreach (var (key, _) in map?.Entries ?? [])
        {
            if (!_taken.Contains(key.Text))
            {
                losses.Add(new ImportLoss(PathOf(key.Text), key.Line, "this version has no such setting"));
            }
        }
    }

    private bool Lose(string key, YamlNode node, string why)
    {
        losses.Add(new ImportLoss(PathOf(key), node.Line, why));
        return true;
    }

    private T? Lost<T>(string key, YamlNode? node, string why)
    {
        losses.Add(new ImportLoss(PathOf(key), node?.Line ?? 0, why));
        return default;
    }
}

/// <summary>What is not carried over.</summary>
/// <param name="Key">Its dotted key.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Why">Why, and what to do.</param>
internal sealed record ImportLoss(string Key, int Line, string Why);
