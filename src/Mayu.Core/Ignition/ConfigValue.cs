namespace Mayu.Core.Ignition;

/// <summary>A value of a config that has the kind that its key asks for, with its place.</summary>
internal abstract class ConfigValue(Place place)
{
    /// <summary>Where it is written, or where that is written which it was made of.</summary>
    public Place Place { get; } = place;
}

/// <summary>A string.</summary>
internal sealed class ConfigText(Place place, string text) : ConfigValue(place)
{
    /// <summary>The string.</summary>
    public string Text { get; } = text;
}

/// <summary>A whole number.</summary>
internal sealed class ConfigNumber(Place place, long value) : ConfigValue(place)
{
    /// <summary>The number, 0 or more.</summary>
    public long Value { get; } = value;
}

/// <summary>True or false.</summary>
internal sealed class ConfigFlag(Place place, bool value) : ConfigValue(place)
{
    /// <summary>Which of them.</summary>
    public bool Value { get; } = value;
}

/// <summary>A list.</summary>
internal sealed class ConfigList(Place place, List<ConfigValue> items) : ConfigValue(place)
{
    /// <summary>What is in it.</summary>
    public List<ConfigValue> Items { get; } = items;
}

/// <summary>A value of a wrong kind: told already. It stands here so that nobody says that it is missing.</summary>
internal sealed class ConfigBroken(Place place) : ConfigValue(place);
