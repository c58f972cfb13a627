namespace Mayu.Core.Ignition;

/// <summary>The words that the models are written with; a number behind a name is the minor version that it came with.</summary>
internal static class SpecKeys
{
    /// <summary>A string of one line.</summary>
    public static SpecKey Line(string name, int since = 0) => Key(name, ValueKind.Line, since);

    /// <summary>A string.</summary>
    public static SpecKey Text(string name, int since = 0) => Key(name, ValueKind.Text, since);

    /// <summary>True or false.</summary>
    public static SpecKey Flag(string name, int since = 0) => Key(name, ValueKind.Flag, since);

    /// <summary>A whole number.</summary>
    public static SpecKey Number(string name, int since = 0) => Key(name, ValueKind.Number, since);

    /// <summary>Permission bits.</summary>
    public static SpecKey Mode(string name, int since = 0) => Key(name, ValueKind.Mode, since);

    /// <summary>A list of strings, each there once.</summary>
    public static SpecKey Lines(string name, int since = 0) => Key(name, ValueKind.Lines, since);

    /// <summary>An object.</summary>
    public static SpecKey Object(string name, SpecObject value, int since = 0) => Key(name, ValueKind.Object, since) with { Object = value };

    /// <summary>A list of objects, told apart by one of their keys.</summary>
    public static SpecKey Objects(string name, SpecObject item, string? identity = null, int since = 0) =>
        Key(name, ValueKind.Objects, since) with { Object = item, Identity = identity };

    private static SpecKey Key(string name, ValueKind kind, int since) => new(name, kind, since);
}
