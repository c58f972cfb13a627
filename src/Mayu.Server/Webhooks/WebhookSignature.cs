using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mayu.Server.Webhooks;

/// <summary>
/// Signs messages as Standard Webhooks says (standardwebhooks.com, version 1.0.0): HMAC-SHA256 over id, time and body, so that a receiver can tell who sent a
/// message, that nobody changed it, and when it was sent.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>The header <c>webhook-signature</c> of a message.</summary>
    /// <param name="key">The key.</param>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="at">The header <c>webhook-timestamp</c>, in seconds since 1970.</param>
    /// <param name="body">The body.</param>
    public static string Of(byte[] key, string id, long at, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at}.")), .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    }
}
