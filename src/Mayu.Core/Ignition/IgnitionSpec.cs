using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Mayu.Core.Ignition;

/// <summary>A version of Ignition's configuration specification (https://coreos.github.io/ignition/specs/).</summary>
/// <param name="Major">2 or 3.</param>
/// <param name="Minor">The number behind it; the third is always 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly partial record struct IgnitionSpec(int Major, int Minor) : IComparable<IgnitionSpec>
{
    private const string MediaType = "application/vnd.coreos.ignition+json";
    private const int LongestAccept = 4096;

    /// <summary>The specifications that configs are written in, from the oldest on.</summary>
    public static IReadOnlyList<IgnitionSpec> Supported { get; } = [new(2, 2), new(2, 3), .. Enumerable.Range(0, 7).Select(minor => new IgnitionSpec(3, minor))];

    /// <summary>The supported ones as a list for a sentence.</summary>
    public static string SupportedText { get; } = "2.2.0, 2.3.0 and 3.0.0 to 3.6.0";

    /// <summary>Whether configs are written in it.</summary>
    public bool IsSupported => Supported.Contains(this);

    /// <summary>Reads a supported version, <c>3.3.0</c>.</summary>
    /// <param name="text">The three numbers.</param>
    /// <param name="spec">The version.</param>
    public static bool TryParse(string? text, out IgnitionSpec spec)
    {
        spec = Supported.FirstOrDefault(known => known.ToString() == text);
        return spec != default;
    }

    /// <summary>
    /// The newest specification that a machine's Ignition reads, as its request says in <c>Accept</c> (RFC 9110 §12.5.1), for instance
    /// <c>application/vnd.coreos.ignition+json;version=3.3.0, */*;q=0.1</c>. One that is newer than all supported ones reads the newest of them.
    /// </summary>
    /// <param name="accept">The header.</param>
    /// <returns>Null where it does not name one. Of spec 1, 2.0 and 2.1 the result is not supported.</returns>
    public static IgnitionSpec? FromAccept(string? accept)
    {
        if (accept is null || accept.Length > LongestAccept)
        {
            return null;
        }

        // An engine for spec 2 names spec 1 as well, with a lower q.
        return accept.Split(',').Select(range => range.Split(';', StringSplitOptions.TrimEntries))
            .Where(range => range[0].Equals(MediaType, StringComparison.OrdinalIgnoreCase))
            .Select(range => (Quality: Quality(Parameter(range, "q")), Spec: Read(Parameter(range, "version"))))
            .Where(range => range.Spec is not null && range.Quality > 0)
            .OrderByDescending(range => range.Quality).ThenByDescending(range => range.Spec)
            .FirstOrDefault().Spec;
    }

    /// <inheritdoc/>
    public int CompareTo(IgnitionSpec other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    /// <summary>Whether one is older than another.</summary>
    public static bool operator <(IgnitionSpec left, IgnitionSpec right) => left.CompareTo(right) < 0;

    /// <summary>Whether one is newer than another.</summary>
    public static bool operator >(IgnitionSpec left, IgnitionSpec right) => left.CompareTo(right) > 0;

    /// <summary>Whether one is no newer than another.</summary>
    public static bool operator <=(IgnitionSpec left, IgnitionSpec right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one is no older than another.</summary>
    public static bool operator >=(IgnitionSpec left, IgnitionSpec right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}.0";

    private static string? Parameter(string[] range, string name) => range.Skip(1)
        .FirstOrDefault(parameter => parameter.StartsWith(name + '=', StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim('"');

    private static double Quality(string? text) =>
        text is null ? 1 : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality) ? quality : 0;

    // An engine that reads 3.4.0-experimental reads 3.3.0 for certain; spec 1 is written as `1`.
    private static IgnitionSpec? Read(string? text)
    {
        if (text is null || Version().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var major = int.Parse(match.Groups["major"].Value, CultureInfo.InvariantCulture);
        var minor = match.Groups["minor"] is { Success: true, Value: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : 0;
        var asked = new IgnitionSpec(major, match.Groups["experimental"].Success ? minor - 1 : minor);
        return Supported.LastOrDefault(spec => spec.Major == asked.Major && spec <= asked) is { Major: > 0 } known ? known : asked;
    }

    [GeneratedRegex(
        @"\A(?<major>[0-9]{1,3})(\.(?<minor>[0-9]{1,3})(\.[0-9]{1,3})?(?<experimental>-experimental)?)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
