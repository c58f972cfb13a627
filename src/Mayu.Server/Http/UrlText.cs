using System.Net;
using System.Text;
using System.Text.Unicode;

namespace Mayu.Server.Http;

/// <summary>Parts of a URL as they stand on the wire.</summary>
internal static class UrlText
{
    /// <summary>
    /// Whether what is percent-encoded is UTF-8. The web server leaves the rest encoded, and nothing tells it from a percent sign that was meant: flash
    /// memory that nobody wrote to would give a machine the name <c>%ff%ff</c>.
    /// </summary>
    /// <param name="encoded">A part of a URL.</param>
    public static bool IsUtf8(string encoded) =>
        !encoded.Contains('%', StringComparison.Ordinal) || (Encoding.UTF8.GetBytes(encoded) is var bytes && Utf8.IsValid(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length)));
}
