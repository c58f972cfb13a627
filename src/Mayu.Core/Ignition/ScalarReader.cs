using System.Numerics;
using Mayu.Core.Yaml;

namespace Mayu.Core.Ignition;

/// <summary>Reads single values of the kinds that a model asks for.</summary>
/// <param name="dialect">How the config is written: Butane's users write modes in octal, and quote them.</param>
/// <param name="faults">Takes what is wrong.</param>
internal sealed class ScalarReader(Dialect dialect, FaultList faults)
{
    /// <summary>What a value of a kind must be, as a sentence.</summary>
    public static string Wanted(ValueKind kind) => kind switch
    {
        ValueKind.Flag => "it must be true or false",
        ValueKind.Number => "it must be a whole number, 0 or more",
        ValueKind.Mode => "it must be the mode in octal, with a zero before it: 0644",
        _ => "it must be a string",
    };

    /// <summary>Reads a value.</summary>
    public ConfigValue Read(YamlScalar scalar, ValueKind kind, string path)
    {
        var place = Place.Of(scalar, path);
        if (kind == ValueKind.Mode && Octal(scalar) is { } octal)
        {
            return Number(octal, place, kind);
        }

        try
        {
            return (kind, CoreSchema.KindOf(scalar, path)) switch
            {
                (ValueKind.Line or ValueKind.Text, YamlKind.Text) => Text(scalar.Text, place, kind),
                (ValueKind.Flag, YamlKind.Boolean) => new ConfigFlag(place, CoreSchema.Boolean(scalar.Text) == true),
                (ValueKind.Number or ValueKind.Mode, YamlKind.Whole) => Number(YamlNumber.Read(scalar, YamlKind.Whole), place, kind),
                (ValueKind.Mode, YamlKind.Text) when IsOctal(scalar.Text) => Broken(place, "it is in quotes: write it without them, 0644, or in JSON, which has no octal numbers, the same in decimal, 420"),
                (ValueKind.Line or ValueKind.Text, _) => Broken(place, "it must be a string: write it in quotes"),
                _ => Broken(place, Wanted(kind)),
            };
        }
        catch (YamlFaultException fault)
        {
            faults.Add(fault);
            return new ConfigBroken(place);
        }
    }

    private ConfigValue Text(string text, Place place, ValueKind kind) => kind == ValueKind.Line && text.Any(char.IsControl)
        ? Broken(place, "it has a control character or a second line: it must be one line of text")
        : new ConfigText(place, text);

    private ConfigValue Number(YamlNumber number, Place place, ValueKind kind) =>
        BigInteger.TryParse(number.Json, out var value) && value >= 0 && value <= int.MaxValue ? new ConfigNumber(place, (long)value)
        : Broken(place, value > 0 ? $"this number is too large: at most {int.MaxValue}" : Wanted(kind));

    // 0644 and, in Butane, "0644". A number in quotes without the zero could be meant either way.
    private YamlNumber? Octal(YamlScalar scalar) =>
        (scalar.Tag == YamlTag.Plain || (scalar.Tag == YamlTag.Text && dialect == Dialect.Butane))
        && IsOctal(scalar.Text)
            ? YamlNumber.Octal(scalar.Text)
            : null;

    private static bool IsOctal(string text) => text.Length is > 1 and <= YamlLimits.MaxNumberLength && text[0] == '0' && !text.AsSpan().ContainsAnyExceptInRange('0', '7');

    private ConfigBroken Broken(Place place, string problem)
    {
        faults.Add(place, problem);
        return new ConfigBroken(place);
    }
}
