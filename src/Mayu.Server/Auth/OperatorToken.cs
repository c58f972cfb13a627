using System.Security.Cryptography;
using System.Text;
using Mayu.Core.Selection;
using Mayu.Server.Access;

namespace Mayu.Server.Auth;

/// <summary>The token that the server makes at its first start: whoever can read its file is an admin.</summary>
internal sealed class OperatorToken(string name, string secret)
{
    private const string Scheme = "Bearer ";

    // Those of OpenID providers name each group of a person.
    private const int Longest = 16 * 1024;

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Who sends it.</summary>
    public Caller Caller { get; } = new(name, Role.Admin, Selector.Everything);

    /// <summary>
    /// Whether a text is a token that a client can send (RFC 6750 §2.1). An empty one, of a file that a full disk left, would let in whoever
    /// sends none.
    /// </summary>
    public static bool IsToken(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '+' or '/' or '=');

    /// <summary>The token in an <c>Authorization</c> header; null where there is none.</summary>
    public static string? In(string? authorization) =>
        authorization is { Length: <= Longest } && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : null;

    /// <summary>Whether a text is this token; takes the same time whatever differs.</summary>
    public bool Matches(string text) => CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
