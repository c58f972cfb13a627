using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Mayu.Core.Selection;
using Mayu.Server.Access;

namespace Mayu.Server.Auth;

/// <summary>A token for the API that an admin created. Of the text only the hash is kept.</summary>
internal sealed record ApiToken
{
    /// <summary>How the text of each token begins: scanners of leaked secrets can tell what it is.</summary>
    public const string Prefix = "mayu_";

    /// <summary>The longest name.</summary>
    public const int MaxName = 64;

    /// <summary>Its name: the author of its changes in the history.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    public required Role Role { get; init; }

    /// <summary>The machines that it may change, as the text of a selector; null: all.</summary>
    public string? Scope { get; init; }

    /// <summary>The SHA-256 of its text, 64 hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>From when on it is not taken any more; null: for good.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Who it is.</summary>
    [JsonIgnore]
    public Caller Caller => Selector.TryParse(Scope ?? "", out var scope, out var problem) ? new Caller(Name, Role, scope) : throw new InvalidOperationException(problem);

    /// <summary>Whether a text can be a name: letters, digits and <c>-_.@</c>, and not what else stands in the history as an author.</summary>
    public static bool IsName([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxName } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@') && char.IsAsciiLetterOrDigit(text[0]) && text != ApiKeys.OperatorName;

    /// <summary>A new text: 256 random bits.</summary>
    public static string NewText() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is kept of a text.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>The file of tokens.</summary>
internal sealed record ApiTokenList
{
    /// <summary>The version of its form.</summary>
    public const int Known = 1;

    public required int Version { get; init; }

    public required IReadOnlyList<ApiToken> Tokens { get; init; }
}

/// <summary>The JSON of the file of tokens.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ApiTokenList))]
internal sealed partial class ApiTokenContext : JsonSerializerContext;
