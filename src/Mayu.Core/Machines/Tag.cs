namespace Mayu.Core.Machines;

/// <summary>A tag of a machine or a profile: <c>role=core</c>.</summary>
public static class Tag
{
    /// <summary>The longest tag, in characters.</summary>
    public const int MaxLength = 256;

    /// <summary>Whether a text is one: a name, <c>=</c> and a value that may be empty, without commas and control characters.</summary>
    public static bool IsValid(string text) =>
        text.Length <= MaxLength && text.IndexOf('=', StringComparison.Ordinal) > 0 && !text.Any(c => char.IsControl(c) || c == ',');
}
