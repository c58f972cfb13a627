using System.Collections.Frozen;
using System.Text;

namespace Mayu.Core.Ignition;

/// <summary>What values a key takes.</summary>
internal enum ValueKind
{
    /// <summary>A string of one line.</summary>
    Line,

    /// <summary>A string.</summary>
    Text,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A whole number, 0 or more.</summary>
    Number,

    /// <summary>The permission bits of a file: a number that Butane's users write in octal.</summary>
    Mode,

    /// <summary>An object.</summary>
    Object,

    /// <summary>A list of objects.</summary>
    Objects,

    /// <summary>A list of strings of one line each.</summary>
    Lines,
}

/// <summary>How keys are spelled.</summary>
internal enum Dialect
{
    /// <summary>As Ignition has them: <c>sshAuthorizedKeys</c>.</summary>
    Ignition,

    /// <summary>As Butane has them: <c>ssh_authorized_keys</c>.</summary>
    Butane,
}

/// <summary>A key of an object of a specification.</summary>
/// <param name="Name">Its name in Ignition.</param>
/// <param name="Kind">What values it takes.</param>
/// <param name="Since">The minor version of the specification that it came with. A key of Butane alone came with the version of Butane for that specification.</param>
internal sealed record SpecKey(string Name, ValueKind Kind, int Since)
{
    /// <summary>Its name in Butane.</summary>
    public string ButaneName { get; } = Snake(Name);

    /// <summary>What an object, or each of a list of them, can have.</summary>
    public SpecObject? Object { get; init; }

    /// <summary>The dialect that alone has it; null of a key that both have.</summary>
    public Dialect? Only { get; init; }

    /// <summary>Whether an item may be in the list twice; of objects, <see cref="Identity"/> says what is the same item.</summary>
    public bool Repeats { get; init; }

    /// <summary>The key whose value tells the objects of a list apart.</summary>
    public string? Identity { get; init; }

    /// <summary>The value of a flag that means the same as if it were not there.</summary>
    public bool Neutral { get; init; }

    /// <summary>Why it is not taken although it exists; null where it is taken.</summary>
    public string? Refused { get; init; }

    /// <summary>Its name in a dialect.</summary>
    public string NameIn(Dialect dialect) => dialect == Dialect.Butane ? ButaneName : Name;

    // MiB is one word: sizeMiB is size_mib.
    private static string Snake(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name.Replace("MiB", "Mib", StringComparison.Ordinal))
        {
            _ = char.IsAsciiLetterUpper(c) ? text.Append('_').Append(char.ToLowerInvariant(c)) : text.Append(c);
        }

        return text.ToString();
    }
}

/// <summary>An object of a specification: its keys, in the order in which they are written out.</summary>
internal sealed class SpecObject(params SpecKey[] keys)
{
    private readonly FrozenDictionary<string, SpecKey> _ignition = keys.ToFrozenDictionary(key => key.Name);
    private readonly FrozenDictionary<string, SpecKey> _butane = keys.ToFrozenDictionary(key => key.ButaneName);

    /// <summary>Its keys.</summary>
    public IReadOnlyList<SpecKey> Keys { get; } = keys;

    /// <summary>A key by its name in Ignition; null where there is none.</summary>
    public SpecKey? this[string name] => _ignition.GetValueOrDefault(name);

    /// <summary>A key by its name in a dialect, whichever dialect may use it; null where there is none.</summary>
    public SpecKey? Find(string name, Dialect dialect) => (dialect == Dialect.Butane ? _butane : _ignition).GetValueOrDefault(name);
}
