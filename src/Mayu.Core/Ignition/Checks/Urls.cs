using System.Text.RegularExpressions;

namespace Mayu.Core.Ignition.Checks;

/// <summary>URLs as Ignition takes them (RFC 3986).</summary>
internal static partial class Urls
{
    private static readonly string[] Schemes = ["http", "https", "tftp", "s3", "gs", "arn", "oem", "data"];

    /// <summary>The scheme in lower case; empty where there is none.</summary>
    public static string Scheme(string url) => SchemeOf().Match(url).Groups["scheme"].Value.ToLowerInvariant();

    /// <summary>Whether it has only characters and escapes that a URL has (RFC 3986 §2), and a port that is a number.</summary>
    public static bool IsWellFormed(string url) => Characters().IsMatch(url) && HasGoodPort(url);

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

    // RFC 3986 §3.2: [userinfo@]host[:port], the host in brackets where it is an IPv6 address.
    private static bool HasGoodPort(string url)
    {
        var begin = url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : url.Length;
        var end = url.AsSpan(begin).IndexOfAny('/', '?', '#') is >= 0 and var length ? begin + length : url.Length;
        var host = url.AsSpan(begin, end - begin);
        host = host[(host.LastIndexOf('@') + 1)..];
        if (host.StartsWith("["))
        {
            var bracket = host.IndexOf(']');
            return bracket > 0 && IsPort(host[(bracket + 1)..]);
        }

        return IsPort(host.IndexOf(':') is >= 0 and var colon ? host[colon..] : "");
    }

    private static bool IsPort(ReadOnlySpan<char> text) => text.Length == 0 || (text[0] == ':' && !text[1..].ContainsAnyExceptInRange('0', '9'));

    [GeneratedRegex(@"\A(?<scheme>[A-Za-z][A-Za-z0-9+.\-]*):", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SchemeOf();

    [GeneratedRegex(@"\A([^\x00-\x20\x7f""<>\\^`{|}%]|%[0-9A-Fa-f]{2})*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Characters();

    [GeneratedRegex(@"\Aarn:[^:/]+:s3:[^:/]*:[^:/]*:(accesspoint/[^/]+/.+|(?!accesspoint/)[^/]+/.+)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex S3Arn();

    [GeneratedRegex(@"[?&]versionId=?(&|#|\z)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EmptyVersion();
}
