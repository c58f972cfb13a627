using System.Text.RegularExpressions;
using Mayu.Primitives;

namespace Mayu.Server.ConfigViews;

/// <summary>Which values of a configuration nobody is shown.</summary>
internal static partial class HiddenValues
{
    /// <summary>What is shown instead.</summary>
    public const string Mask = "***";

    /// <summary>Whether a key is for a secret, by its name.</summary>
    /// <param name="key">The last word of its path.</param>
    public static bool IsSecret(string key) => SecretName().IsMatch(key);

    /// <summary>A value without what is secret in it: tokens, password hashes, private keys, and the user and password of a URL.</summary>
    public static string Hide(string text) =>
        PrivateKey().IsMatch(text) || PasswordHash().IsMatch(text) ? Mask : TokenText.Hide(UserOfUrl().Replace(text, $"${{scheme}}{Mask}@"));

    /// <summary>A URL without its path and query.</summary>
    public static string HidePath(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var known) && known.PathAndQuery is not "/" ? Hide($"{known.GetLeftPart(UriPartial.Authority)}/{Mask}") : Hide(url);

    /// <summary>The same of a word such as <c>name=value</c>, whose name may be that of a secret.</summary>
    public static string HideWord(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && IsSecret(word[..equals]) ? $"{word[..equals]}={Mask}" : Hide(word);

    [GeneratedRegex("passw|passphrase|secret|token|credential|hash|psk|private|api_?key", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PrivateKey();

    // crypt(5): $6$…, $y$….
    [GeneratedRegex(@"\$[0-9a-z]{1,10}\$\S{8,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PasswordHash();

    [GeneratedRegex(@"(?<scheme>[A-Za-z][A-Za-z0-9+.-]{0,20}://)[^/\s@]+@", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserOfUrl();
}
