using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mayu.Core.Yaml;
using Mayu.Primitives;

namespace Mayu.Server.Configuration;

/// <summary>The kinds of value that keys take, each with a message that says what would be right.</summary>
internal static class Parse
{
    public static bool Text(string text, out string value, out string problem)
    {
        value = text;
        problem = "must not be empty, nor have control characters";
        return text.Length > 0 && !text.Any(char.IsControl);
    }

    public static bool Address(string text, out Ipv4 value, out string problem)
    {
        problem = "is no IPv4 address (like 10.0.0.1)";
        return Ipv4.TryParse(text, out value);
    }

    public static bool NullableAddress(string text, out Ipv4? value, out string problem)
    {
        var parsed = Address(text, out var address, out problem);
        value = parsed ? address : null;
        return parsed;
    }

    public static bool Mac(string text, out MacAddress value, out string problem)
    {
        problem = "is no MAC (like 52:54:00:00:00:01)";
        return MacAddress.TryParse(text, out value);
    }

    public static bool NullableMac(string text, out MacAddress? value, out string problem)
    {
        var parsed = Mac(text, out var mac, out problem);
        value = parsed ? mac : null;
        return parsed;
    }

    /// <summary>An MTU as option 26 takes it (RFC 2132 §5.1).</summary>
    public static bool Mtu(string text, out ushort? value, out string problem)
    {
        problem = "is no MTU (68 to 65535)";
        value = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 68 ? number : null;
        return value is not null;
    }

    public static bool Subnet(string text, [NotNullWhen(true)] out Ipv4Subnet? value, out string problem)
    {
        problem = "is no IPv4 subnet (like 10.0.0.0/24, with no bits behind the prefix)";
        return Ipv4Subnet.TryParse(text, out value);
    }

    public static bool BootConnections(string text, out int value, out string problem) => Connections(text, 4096, out value, out problem);

    public static bool ApiConnections(string text, out int value, out string problem) => Connections(text, 1024, out value, out problem);

    public static bool Port(string text, out int value, out string problem)
    {
        problem = "is no port (1 to 65535)";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= 65535;
    }

    public static bool Count(string text, out int value, out string problem)
    {
        problem = "is no number from 0 to 1000000";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= 1_000_000;
    }

    public static bool Flag(string text, out bool value, out string problem)
    {
        problem = "is neither true nor false";
        value = CoreSchema.Boolean(text) == true;
        return CoreSchema.Boolean(text) is not null;
    }

    public static bool NullableFlag(string text, out bool? value, out string problem)
    {
        var parsed = Flag(text, out var flag, out problem);
        value = parsed ? flag : null;
        return parsed;
    }

    public static bool Percent(string text, out int value, out string problem)
    {
        problem = "is no number from 0 to 90";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= 90;
    }

    public static bool InterfaceName(string text, out string value, out string problem)
    {
        value = text;
        problem = "is no interface name (1 to 15 characters, no slash, no space)";
        return text.Length is > 0 and <= 15 && text is not ("." or "..") && !text.Any(c => c is '/' or ':' || char.IsWhiteSpace(c) || char.IsControl(c));
    }

    /// <summary>A number that asks for something: at least 1.</summary>
    public static bool Least(string text, out int? value, out string problem)
    {
        problem = "is no number from 1 to 1000000";
        value = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1_000_000 ? number : null;
        return value is not null;
    }

    /// <summary>A size like <c>64GiB</c> or <c>500GB</c>, in bytes.</summary>
    public static bool Size(string text, out long? value, out string problem)
    {
        problem = "is no size (like 512MiB, 64GiB, 500GB, 4TB)";
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        long unit = text[digits..] switch
        {
            "MiB" => 1L << 20,
            "GiB" => 1L << 30,
            "TiB" => 1L << 40,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "TB" => 1_000_000_000_000,
            _ => 0,
        };
        value = unit > 0 && int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 100_000
            ? number * unit
            : null;
        return value is not null;
    }

    /// <summary>An address, or two with a hyphen between them.</summary>
    public static bool AddressOrRange(string text, [NotNullWhen(true)] out Ipv4Range? value, out string problem)
    {
        problem = "is no address or range (like 10.0.0.20 or 10.0.0.30-10.0.0.39)";
        var parts = text.Split('-', StringSplitOptions.TrimEntries);
        value = parts.Length is 1 or 2 && Ipv4.TryParse(parts[0], out var start) && Ipv4.TryParse(parts[^1], out var end) && start <= end
            ? new Ipv4Range(start, end)
            : null;
        return value is not null;
    }

    /// <summary>A name that may stand in a path and a URL as it is.</summary>
    public static bool Name(string text, out string value, out string problem)
    {
        value = text;
        problem = "is no name (1 to 64 letters, digits, dots, hyphens and underscores; a letter or digit first)";
        return text.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(text[0])
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
    }

    public static bool Tag(string text, out string value, out string problem)
    {
        value = text;
        problem = "is no tag (like role=core)";
        return text.Length is > 0 and <= 256 && text.IndexOf('=', StringComparison.Ordinal) > 0 && !text.Any(c => char.IsControl(c) || c == ',');
    }

    public static bool WholeDisk(string text, out string value, out string problem)
    {
        value = text;
        problem = "is no device (like /dev/sda)";
        return text.StartsWith("/dev/", StringComparison.Ordinal) && text.Length is > 5 and <= 128
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or ':') && !text.Contains("..", StringComparison.Ordinal);
    }

    /// <summary>A time like <c>30s</c>, <c>10m</c>, <c>2h</c>.</summary>
    public static bool LeaseTime(string text, out TimeSpan value, out string problem)
    {
        problem = "is no time from 2m to 24h (like 90s, 10m, 1h)";
        value = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        long unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (number * unit is not (>= 120 and <= 86_400))
        {
            return false;
        }

        value = TimeSpan.FromSeconds(number * unit);
        return true;
    }

    /// <summary>A time like <c>30s</c>, <c>10m</c>, <c>2h</c>, within bounds.</summary>
    /// <param name="least">The least.</param>
    /// <param name="most">The most.</param>
    /// <param name="range">Both, as an operator writes them.</param>
    public static ConfigurationSection.Parser<TimeSpan> Time(TimeSpan least, TimeSpan most, string range) =>
        (string text, out TimeSpan value, out string problem) =>
        {
            problem = $"is no time from {range} (like 30s, 10m, 1h)";
            value = default;
            if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            long unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
            value = TimeSpan.FromSeconds(number * unit);
            return value >= least && value <= most;
        };

    /// <summary>One of a few words.</summary>
    public static ConfigurationSection.Parser<T> OneOf<T>(params (string Word, T Value)[] choices) =>
        (string text, [MaybeNullWhen(false)] out T value, out string problem) =>
        {
            problem = $"is none of: {string.Join(", ", choices.Select(choice => choice.Word))}";
            foreach (var choice in choices)
            {
                if (choice.Word == text)
                {
                    value = choice.Value;
                    return true;
                }
            }

            value = default;
            return false;
        };

    private static bool Connections(string text, int most, out int value, out string problem)
    {
        problem = $"is no number from 1 to {most}";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= most;
    }
}
