using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mayu.Core.Yaml;
using Mayu.Primitives;

namespace Mayu.Server.Configuration;

/// <summary>The kinds of value that keys take, each with a message that says what would be right.</summary>
internal static class Parse
{
    /// <summary>An MTU as option 26 takes it (RFC 2132 §5.1).</summary>
    public static readonly ConfigurationSection.Parser<int?> Mtu = Nullable(Number(68, ushort.MaxValue));

    public static readonly ConfigurationSection.Parser<int> Count = Number(0, 1_000_000);

    /// <summary>A number that asks for something: at least 1.</summary>
    public static readonly ConfigurationSection.Parser<int?> Least = Nullable(Number(1, 1_000_000));

    public static readonly ConfigurationSection.Parser<Ipv4?> NullableAddress = Nullable<Ipv4>(Address);

    public static readonly ConfigurationSection.Parser<MacAddress?> NullableMac = Nullable<MacAddress>(Mac);

    public static readonly ConfigurationSection.Parser<bool?> NullableFlag = Nullable<bool>(Flag);

    public static readonly ConfigurationSection.Parser<TimeSpan> LeaseTime = Time("2m", "24h");

    public static readonly ConfigurationSection.Parser<string> Text = Checked(
        "must not be empty or contain control characters", text => text.Length > 0 && !text.Any(char.IsControl));

    public static readonly ConfigurationSection.Parser<string> InterfaceName = Checked(
        "is not an interface name (1 to 15 characters, no slash, no space)",
        text => text.Length is > 0 and <= 15 && text is not ("." or "..") && !text.Any(c => c is '/' or ':' || char.IsWhiteSpace(c) || char.IsControl(c)));

    /// <summary>A name that may stand in a path and a URL as it is.</summary>
    public static readonly ConfigurationSection.Parser<string> Name = Checked(
        "is not a name (1 to 64 letters, digits, dots, hyphens and underscores; a letter or digit first)",
        text => text.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));

    /// <summary>A name that templates write behind a dot.</summary>
    public static readonly ConfigurationSection.Parser<string> VariableName = Checked(
        "is not a name (1 to 64 letters, digits and underscores; a letter first)",
        text => text.Length is > 0 and <= 64 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'));

    public static readonly ConfigurationSection.Parser<string> Tag = Checked(
        "is not a tag (like role=core)",
        Core.Machines.Tag.IsValid);

    public static readonly ConfigurationSection.Parser<string> WholeDisk = Checked(
        "is not a device (like /dev/sda)",
        text => text.StartsWith("/dev/", StringComparison.Ordinal) && text.Length is > 5 and <= 128
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or ':') && !text.Contains("..", StringComparison.Ordinal));

    public static bool Address(string text, out Ipv4 value, out string problem)
    {
        problem = "is not an IPv4 address (like 10.0.0.1)";
        return Ipv4.TryParse(text, out value);
    }

    public static bool Mac(string text, out MacAddress value, out string problem)
    {
        problem = "is not a MAC (like 52:54:00:00:00:01)";
        return MacAddress.TryParse(text, out value);
    }

    public static bool Subnet(string text, [NotNullWhen(true)] out Ipv4Subnet? value, out string problem)
    {
        problem = "is not an IPv4 subnet (like 10.0.0.0/24, without host bits)";
        return Ipv4Subnet.TryParse(text, out value);
    }

    public static bool Port(string text, out int value, out string problem)
    {
        problem = "must be a port from 1 to 65535";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= 65535;
    }

    public static bool Flag(string text, out bool value, out string problem)
    {
        problem = "must be true or false";
        value = CoreSchema.Boolean(text) == true;
        return CoreSchema.Boolean(text) is not null;
    }

    /// <summary>A size like <c>64GiB</c> or <c>500GB</c>, in bytes.</summary>
    public static bool Size(string text, out long? value, out string problem)
    {
        problem = "is not a size (like 512MiB, 64GiB, 500GB, 4TB)";
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
        problem = "is not an address or range (like 10.0.0.20 or 10.0.0.30-10.0.0.39)";
        var parts = text.Split('-', StringSplitOptions.TrimEntries);
        value = parts.Length is 1 or 2 && Ipv4.TryParse(parts[0], out var start) && Ipv4.TryParse(parts[^1], out var end) && start <= end
            ? new Ipv4Range(start, end)
            : null;
        return value is not null;
    }

    /// <summary>A text that is taken as it is where it is right.</summary>
    public static ConfigurationSection.Parser<string> Checked(string otherwise, Func<string, bool> isRight) => (string text, [MaybeNullWhen(false)] out string value, out string problem) =>
    {
        (value, problem) = (text, otherwise);
        return isRight(text);
    };

    /// <summary>Printable ASCII: what may stand in a packet and on a console.</summary>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="most">How many characters it has at most.</param>
    public static ConfigurationSection.Parser<string> Printable(string what, int most) => Checked(
        $"is not a valid {what} (1 to {most} printable ASCII characters)", text => text.Length > 0 && text.Length <= most && text.All(c => c is >= ' ' and <= '~'));

    /// <summary>A whole number within bounds.</summary>
    public static ConfigurationSection.Parser<int> Number(int least, int most) => (string text, out int value, out string problem) =>
    {
        problem = $"must be a number from {least} to {most}";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
    };

    /// <summary>A time like <c>500ms</c>, <c>30s</c>, <c>10m</c>, <c>2h</c>, within bounds that are written so.</summary>
    public static ConfigurationSection.Parser<TimeSpan> Time(string least, string most) => (string text, out TimeSpan value, out string problem) =>
    {
        problem = $"must be a time from {least} to {most} (a number with ms, s, m or h)";
        value = TimeOf(text) ?? default;
        return TimeOf(text) is { } time && time >= TimeOf(least) && time <= TimeOf(most);
    };

    /// <summary>The same, where a key may be left out.</summary>
    public static ConfigurationSection.Parser<T?> Nullable<T>(ConfigurationSection.Parser<T> parse)
        where T : struct => (string text, out T? value, out string problem) =>
    {
        var isParsed = parse(text, out var parsed, out problem);
        value = isParsed ? parsed : null;
        return isParsed;
    };

    /// <summary>One of a few words.</summary>
    public static ConfigurationSection.Parser<T> OneOf<T>(params (string Word, T Value)[] choices) =>
        (string text, [MaybeNullWhen(false)] out T value, out string problem) =>
        {
            problem = $"must be one of: {string.Join(", ", choices.Select(choice => choice.Word))}";
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

    // More than any key takes, and less than a TimeSpan of hours can hold.
    private const int MostUnits = 1_000_000;

    private static TimeSpan? TimeOf(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        TimeSpan? unit = text[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => null,
        };
        return int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostUnits ? number * unit : null;
    }
}
