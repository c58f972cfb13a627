using System.Diagnostics.CodeAnalysis;

namespace Mayu.Primitives;

/// <summary>Texts from outside, cut where they are too long.</summary>
public static class CutText
{
    /// <summary>The first characters of a text; one that takes two (a surrogate pair) is not cut in half.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many are left at most, 1 or more.</param>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text, int most) =>
        text is null || text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
