namespace Mayu.Server.BootHttp;

/// <summary>Texts that machines report.</summary>
internal static class WireText
{
    /// <summary>The first characters of a text; one that takes two (a surrogate pair) is not cut in half.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many are left at most, 1 or more.</param>
    public static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
