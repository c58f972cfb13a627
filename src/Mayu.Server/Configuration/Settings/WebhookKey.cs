using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Mayu.Server.Configuration.Settings;

/// <summary>The key with which messages are signed, as a secret has it: base64 as Standard Webhooks writes it, or a text.</summary>
internal static class WebhookKey
{
    /// <summary>What a secret begins with that is base64.</summary>
    public const string Prefix = "whsec_";

    private const int LeastText = 16;
    private const int LeastBytes = 16;
    private const int MostBytes = 1024;

    /// <summary>The key of a secret.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="key">The key.</param>
    /// <param name="problem">Why it is none, as half a sentence that does not repeat it.</param>
    public static bool TryRead(string secret, [NotNullWhen(true)] out byte[]? key, [NotNullWhen(false)] out string? problem)
    {
        key = null;
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            problem = secret.Length < LeastText ? $"it has fewer than {LeastText} characters" : null;
            key = problem is null ? Encoding.UTF8.GetBytes(secret) : null;
            return key is not null;
        }

        var buffer = new byte[MostBytes];
        problem = Convert.TryFromBase64String(secret[Prefix.Length..], buffer, out var length)
            ? length < LeastBytes ? $"it has fewer than {LeastBytes} bytes after {Prefix}" : null
            : $"what is after {Prefix} is not base64 of at most {MostBytes} bytes";
        key = problem is null ? buffer[..length] : null;
        return key is not null;
    }
}
