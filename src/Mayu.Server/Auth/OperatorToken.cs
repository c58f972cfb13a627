using System.Security.Cryptography;
using System.Text;

namespace Mayu.Server.Auth;

/// <summary>A bearer token (RFC 6750) with the name under which its changes stand in the history.</summary>
internal sealed class OperatorToken(string name, string secret)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public string Name { get; } = name;

    /// <summary>
    /// Whether a text is a token that a client can send (RFC 6750 §2.1). An empty one, of a file that a full disk left, would let in whoever
    /// sends none.
    /// </summary>
    public static bool IsToken(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '+' or '/' or '=');

    /// <summary>Whether the <c>Authorization</c> header carries this token; takes the same time whatever differs.</summary>
    public bool Matches(string? authorization) =>
        authorization is not null
        && authorization.Length <= 4096
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim())));
}
