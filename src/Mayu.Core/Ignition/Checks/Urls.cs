using System.Globalization;
using System.Text.RegularExpressions;

namespace Mayu.Core.Ignition.Checks;

/// <summary>URLs as Ignition takes them (RFC 3986).</summary>
internal static partial class Urls
{
    private static readonly string[] Schemes = ["http", "https", "tftp", "s3", "gs", "arn", "oem", "data"];

    /// <summary>The scheme in lower case; empty where there is none.</summary>
    public static string Scheme(string url) => SchemeOf().Match(url).Groups["scheme"].Value.ToLowerInvariant();

    /// <summary>What keeps a machine from ever fetching it; null: nothing. Characters and escapes (RFC 3986 §2), the host, the port.</summary>
    public static string? Fault(string url)
    {
        if (!Characters().IsMatch(url))
        {
            return "it is not a valid URL (RFC 3986): a character that it may not have must be escaped, a space as %20; a template's uri does it";
        }

        var scheme = Scheme(url);
        if (Authority(url) is not { } authority)
        {
            return HasHost(scheme) ? $"it has no host: write {scheme}://HOST/PATH" : null;
        }

        if (!TryReadAuthority(authority, out var host, out var port))
        {
            return "it is not a valid URL (RFC 3986): its host is followed by something that is no port, or an IPv6 address has no bracket at its end";
        }

        return host.Length == 0 && HasHost(scheme) ? $"it has no host between // and /: write {scheme}://HOST/PATH; a variable that it is made of may be empty"
            : port.Length > 0 && !(ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0) ? "its port must be a number from 1 to 65535"
            : null;
    }

    /// <summary>The same of one that must be HTTP's.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="of">What answers there.</param>
    public static string? HttpFault(string url, string of) => Scheme(url) is "http" or "https" ? Fault(url) : $"it must be the URL of {of} that begins with http:// or https://";

    /// <summary>The first schemes that each minor version of spec 3 added to those before it; spec 2 has those of 3.0 and <c>oem</c>.</summary>
    public static bool IsKnown(string scheme, IgnitionSpec spec) => scheme switch
    {
        "http" or "https" or "tftp" or "s3" or "data" => true,
        "oem" => spec.Major == 2,
        "gs" => spec >= new IgnitionSpec(3, 2),
        "arn" => spec >= new IgnitionSpec(3, 4),
        _ => false,
    };

    /// <summary>The schemes of a specification, for a sentence.</summary>
    public static string Known(IgnitionSpec spec) => string.Join(", ", Schemes.Where(scheme => IsKnown(scheme, spec)));

    /// <summary>Whether it is the ARN of an object in S3: <c>arn:aws:s3:::bucket/key</c> or one below an access point.</summary>
    public static bool IsS3Arn(string url) => S3Arn().IsMatch(url);

    /// <summary>Whether it asks for a version of an object and does not say which.</summary>
    public static bool HasEmptyVersion(string url) => EmptyVersion().IsMatch(url);

    // The paths of oem are of the machine itself, and an ARN has a form of its own.
    private static bool HasHost(string scheme) => scheme is "http" or "https" or "tftp" or "s3" or "gs";

    private static string? Authority(string url)
    {
        if (url.IndexOf(':', StringComparison.Ordinal) is var colon && !url.AsSpan(colon + 1).StartsWith("//"))
        {
            return null;
        }

        var rest = url[(colon + 3)..];
        return rest.AsSpan().IndexOfAny('/', '?', '#') is >= 0 and var length ? rest[..length] : rest;
    }

    // RFC 3986 §3.2: [userinfo@]host[:port], the host in brackets where it is an IPv6 address.
    private static bool TryReadAuthority(string authority, out string host, out string port)
    {
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var end = authority.StartsWith('[') ? authority.IndexOf(']', StringComparison.Ordinal) + 1 : authority.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? colon : authority.Length;
        (host, port) = (authority[..end], authority[end..]);
        if (port.StartsWith(':'))
        {
            port = port[1..];
        }
        else if (port.Length > 0)
        {
            return false;
        }

        host = host is "[]" ? "" : host;
        return end > 0 || !authority.StartsWith('[');
    }

    [GeneratedRegex(@"\A(?<scheme>[A-Za-z][A-Za-z0-9+.\-]*):", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SchemeOf();

    [GeneratedRegex(@"\A([^\x00-\x20\x7f""<>\\^`{|}%]|%[0-9A-Fa-f]{2})*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Characters();

    [GeneratedRegex(@"\Aarn:[^:/]+:s3:[^:/]*:[^:/]*:(accesspoint/[^/]+/.+|(?!accesspoint/)[^/]+/.+)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex S3Arn();

    [GeneratedRegex(@"[?&]versionId=?(&|#|\z)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EmptyVersion();
}
