using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Mayu.InfoPusher.Http;

/// <summary>Where a request goes: an address, and what stands behind it.</summary>
/// <param name="EndPoint">Address and port to connect to.</param>
/// <param name="Authority">Address and port as the URL had them, for the Host header (RFC 9112, 3.2).</param>
/// <param name="PathAndQuery">The path and the query, as they go on the request line.</param>
internal sealed record HttpTarget(IPEndPoint EndPoint, string Authority, string PathAndQuery)
{
    /// <summary>Reads a URL; when it cannot be used, <paramref name="problem"/> says why.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HttpTarget? target, [NotNullWhen(false)] out string? problem)
    {
        target = null;
        problem = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            problem = $"'{text}' is not a URL; expected: one like http://10.0.0.1:4081/provisioning-config";
        }
        else if (url.Scheme != Uri.UriSchemeHttp)
        {
            problem = $"'{text}': only http:// is supported, the boot network has no certificates";
        }
        else if (url.UserInfo.Length > 0)
        {
            problem = "the URL must not hold a user name or a password";
        }
        else if (!IPAddress.TryParse(url.Host, out var address))
        {
            problem = $"'{url.Host}' is a host name, which a static program in a bare initramfs cannot resolve: use an IP address";
        }
        else
        {
            target = new HttpTarget(new IPEndPoint(address, url.Port), url.Authority, url.PathAndQuery);
        }

        return target is not null;
    }
}
