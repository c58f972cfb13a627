using Mayu.Core.Yaml;
using Mayu.Primitives;

namespace Mayu.Core.Ignition;

/// <summary>Takes the values of a config out of its YAML or JSON by a model. What the model does not have, or not yet, is a fault, and so is a value of a wrong kind.</summary>
/// <param name="dialect">How its keys are spelled.</param>
/// <param name="spec">The specification that it is written in, or that its version of Butane stands for.</param>
/// <param name="versions">What to write to get a key that came with a later minor version; it ends the sentence.</param>
/// <param name="faults">Takes what is wrong.</param>
internal sealed class ConfigReader(Dialect dialect, IgnitionSpec spec, Func<int, string> versions, FaultList faults)
{
    private readonly ScalarReader _scalars = new(dialect, faults);

    /// <summary>Reads an object.</summary>
    /// <param name="map">Its keys.</param>
    /// <param name="type">Which keys it can have.</param>
    /// <param name="path">The keys that lead to it.</param>
    public ConfigObject Read(YamlMap map, SpecObject type, string path)
    {
        var read = new ConfigObject(Place.Of(map, path), type);
        foreach (var (name, value) in map.Entries)
        {
            var at = Place.Of(name, read.Place.PathBelow(name.Text));
            if (type.Find(name.Text, dialect) is not { } key || key.Only is { } only && only != dialect)
            {
                var problem = Unknown(name.Text, type);
                faults.Add(problem is null ? at with { Path = path } : at, problem ?? $"{Kind} has no such key here{CutByComma(map, name, value)}");
            }
            else if (key.Since > spec.Minor)
            {
                faults.Add(at, $"this key came with {versions(key.Since)}");
            }
            else if (key.Refused is { } why)
            {
                faults.Add(at, why);
            }
            else if (Value(value, key, at.Path) is { } taken)
            {
                read.Set(key.Name, taken);
            }
        }

        return read;
    }

    // Null is as good as nothing, as in Ignition.
    private ConfigValue? Value(YamlNode node, SpecKey key, string path) => (key.Kind, node) switch
    {
        (_, YamlScalar { IsNull: true }) => null,
        (ValueKind.Object, YamlMap map) => Read(map, key.Object!, path),
        (ValueKind.Objects, YamlList list) => List(list, path, (item, at) => item is YamlMap map ? Read(map, key.Object!, at) : Broken(item, at, "this item must be a map of keys")),
        (ValueKind.Lines, YamlList list) => List(list, path, (item, at) => item is YamlScalar { IsNull: false } scalar
            ? _scalars.Read(scalar, ValueKind.Line, at) : Broken(item, at, "this item must be a string")),
        (ValueKind.Object, _) => Broken(node, path, "it must be a map of keys"),
        (ValueKind.Objects or ValueKind.Lines, _) => Broken(node, path, "it must be a list"),
        (_, YamlScalar scalar) => _scalars.Read(scalar, key.Kind, path),
        _ => Broken(node, path, ScalarReader.Wanted(key.Kind)),
    };

    private static ConfigList List(YamlList list, string path, Func<YamlNode, string, ConfigValue> item) =>
        new(Place.Of(list, path), [.. list.Items.Select((value, i) => item(value, $"{path}[{i}]"))]);

    private ConfigBroken Broken(YamlNode node, string path, string problem)
    {
        faults.Add(Place.Of(node, path), problem);
        return new ConfigBroken(Place.Of(node, path));
    }

    private string Kind => dialect == Dialect.Butane ? "Butane" : "Ignition";

    // In {source: data:;base64,YQ==} what is behind the comma is a key without a value.
    private static string CutByComma(YamlMap map, YamlScalar name, YamlNode value) =>
        value is YamlScalar { IsNull: true } && map.Entries.IndexOf(new YamlEntry(name, value)) is > 0 and var i && map.Entries[i - 1].Value.Line == name.Line
            ? ": in { } a comma ends the value before it, so write that one on a line of its own, or in quotes"
            : "";

    // Null of a key that is like none: it is not repeated, since it may be half of a value whose quotes are missing.
    private string? Unknown(string name, SpecObject type)
    {
        var other = dialect == Dialect.Butane ? Dialect.Ignition : Dialect.Butane;
        var own = type.Keys.Where(key => key.Only is null || key.Only == dialect).Select(key => key.NameIn(dialect));
        return type.Find(name, other) switch
        {
            { Only: Dialect.Butane } => "this key is Butane's: write the config in Butane (variant and version at its top), or this without the key",
            { Only: Dialect.Ignition } => "this key is not Butane's: its version says which specification of Ignition is meant",
            { } key => $"{Kind} spells this key \"{key.NameIn(dialect)}\"",
            null when name == "<<" => "`<<` merges maps in YAML 1.1 only: write the keys out",
            null => Suggestion.Nearest(name, own) is { } meant ? $"{Kind} has no such key here; did you mean \"{meant}\"?" : null,
        };
    }
}
