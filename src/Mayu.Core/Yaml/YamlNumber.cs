using System.Globalization;
using System.Numerics;

namespace Mayu.Core.Yaml;

/// <summary>
/// A number as it is spelled. Passed on as text it keeps its spelling; as JSON it keeps all its digits, in decimal
/// (RFC 8259 §6 knows no other base, no plus sign, and no bare point).
/// </summary>
public sealed class YamlNumber
{
    private YamlNumber(string spelling, string json, bool isWhole) => (Spelling, Json, IsWhole) = (spelling, json, isWhole);

    /// <summary>How it is written.</summary>
    public string Spelling { get; }

    /// <summary>The same number as JSON.</summary>
    public string Json { get; }

    /// <summary>Whether it is a whole number by its spelling.</summary>
    public bool IsWhole { get; }

    /// <summary>Its value: a <see cref="long"/> or a <see cref="BigInteger"/> where it is whole, else a <see cref="double"/>, which may lose digits.</summary>
    public object Value => !IsWhole ? double.Parse(Json, CultureInfo.InvariantCulture)
        : long.TryParse(Json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small) ? small
        : (object)BigInteger.Parse(Json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>Reads a scalar of the core schema's integers and floats.</summary>
    /// <param name="scalar">The scalar, which <see cref="CoreSchema.KindOf"/> says is a number for <see cref="YamlUse.Values"/>.</param>
    /// <param name="kind">What it said.</param>
    public static YamlNumber Read(YamlScalar scalar, YamlKind kind)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        return new YamlNumber(scalar.Text, JsonOf(scalar.Text), kind == YamlKind.Whole);
    }

    /// <summary>A whole number in octal as its digits alone, as Butane takes a file's mode.</summary>
    /// <param name="digits">0 to 7 alone, at most <see cref="YamlLimits.MaxNumberLength"/>.</param>
    public static YamlNumber Octal(string digits) => new(digits, Base(digits, 8), isWhole: true);

    private static string JsonOf(string text)
    {
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            return Base(text.AsSpan(2), 16);
        }

        return text.StartsWith("0o", StringComparison.Ordinal) ? Base(text.AsSpan(2), 8) : Decimal(text);
    }

    private static string Base(ReadOnlySpan<char> digits, int radix)
    {
        var value = BigInteger.Zero;
        foreach (var digit in digits)
        {
            value = (value * radix) + Convert.ToInt32(digit.ToString(), 16);
        }

        return value.ToString(CultureInfo.InvariantCulture);
    }

    // A sign, whole digits, a fraction and an exponent: JSON wants no plus before the first, one digit at least in the second, and no zero before others.
    private static string Decimal(string text)
    {
        var sign = text[0] == '-' ? "-" : "";
        var unsigned = text.TrimStart('-', '+');
        var mantissa = unsigned.Split('e', 'E')[0];
        var exponent = unsigned[mantissa.Length..];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = (point < 0 ? mantissa : mantissa[..point]).TrimStart('0');
        var fraction = point < 0 ? "" : mantissa[(point + 1)..];
        return $"{sign}{(whole.Length == 0 ? "0" : whole)}{(point < 0 ? "" : fraction.Length == 0 ? ".0" : $".{fraction}")}{exponent}";
    }
}
