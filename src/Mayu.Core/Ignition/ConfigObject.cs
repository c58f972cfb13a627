namespace Mayu.Core.Ignition;

/// <summary>An object of a config: keys that its <see cref="SpecObject"/> has, under the names of Ignition.</summary>
internal sealed class ConfigObject(Place place, SpecObject type) : ConfigValue(place)
{
    private readonly Dictionary<string, ConfigValue> _values = new(StringComparer.Ordinal);

    /// <summary>Which keys it can have.</summary>
    public SpecObject Type { get; } = type;

    /// <summary>The value of a key; null where it is not there.</summary>
    public ConfigValue? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>Whether a key is there, with a value of the right kind or of a wrong one.</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>Sets a key.</summary>
    public void Set(string key, ConfigValue value) => _values[key] = value;

    /// <summary>Takes a key away.</summary>
    public void Remove(string key) => _values.Remove(key);

    /// <summary>A string; null where there is none.</summary>
    public string? Text(string key) => (this[key] as ConfigText)?.Text;

    /// <summary>Whether a string is there and has a character, or is broken and told already.</summary>
    public bool HasText(string key) => this[key] is ConfigBroken or ConfigText { Text.Length: > 0 };

    /// <summary>True or false; null where it is not said.</summary>
    public bool? Flag(string key) => (this[key] as ConfigFlag)?.Value;

    /// <summary>A whole number; null where there is none.</summary>
    public long? Number(string key) => (this[key] as ConfigNumber)?.Value;

    /// <summary>An object; null where there is none.</summary>
    public ConfigObject? Object(string key) => this[key] as ConfigObject;

    /// <summary>The objects of a list; none where there is no list.</summary>
    public IEnumerable<ConfigObject> Objects(string key) => (this[key] as ConfigList)?.Items.OfType<ConfigObject>() ?? [];

    /// <summary>The strings of a list; none where there is no list.</summary>
    public IEnumerable<ConfigText> Texts(string key) => (this[key] as ConfigList)?.Items.OfType<ConfigText>() ?? [];

    /// <summary>The place of a key's value, or of the object where the key is not there.</summary>
    public ConfigValue At(string key) => this[key] ?? this;

    /// <summary>A list of objects that can be added to.</summary>
    public ConfigList ListOf(string key)
    {
        if (this[key] is not ConfigList list)
        {
            Set(key, list = new ConfigList(Place, []));
        }

        return list;
    }

    /// <summary>An object below this one, made where it is not there.</summary>
    public ConfigObject Section(string key)
    {
        if (Object(key) is not { } section)
        {
            Set(key, section = new ConfigObject(Place, Type[key]!.Object!));
        }

        return section;
    }

    /// <summary>The object itself and all that are in it, at any depth.</summary>
    public IEnumerable<ConfigObject> WithAllBelow() => _values.Values.SelectMany(value => value switch
    {
        ConfigObject below => below.WithAllBelow(),
        ConfigList list => list.Items.OfType<ConfigObject>().SelectMany(item => item.WithAllBelow()),
        _ => [],
    }).Prepend(this);
}
