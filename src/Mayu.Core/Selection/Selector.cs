using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Selection;

/// <summary>
/// Which machines are meant: those that meet each of its terms, which commas separate. A term is <c>NAME=VALUE</c> or <c>NAME!=VALUE</c>. The names
/// <c>profile</c>, <c>state</c>, <c>serial</c> and <c>enabled</c> are the record's; of them <c>VALUE</c> may be several with <c>|</c> between, and a serial may
/// end with <c>*</c>. Every other term is a tag: <c>rack=7</c>.
/// </summary>
public sealed class Selector
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaxLength = 1000;

    /// <summary>The most terms.</summary>
    public const int MaxTerms = 16;

    private static readonly string[] Fields = ["profile", "state", "serial", "enabled"];

    private readonly ImmutableArray<Term> _terms;

    private Selector(ImmutableArray<Term> terms) => _terms = terms;

    /// <summary>Every machine.</summary>
    public static Selector Everything { get; } = new([]);

    /// <summary>Whether it leaves out none.</summary>
    public bool IsEverything => _terms.IsEmpty;

    /// <summary>Reads one. An empty text means every machine.</summary>
    /// <param name="text">The terms.</param>
    /// <param name="selector">The selector.</param>
    /// <param name="problem">What is wrong with the text, as a sentence.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Selector? selector, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        selector = null;
        var parts = text.Length > MaxLength ? [] : text.Split(',', StringSplitOptions.TrimEntries);
        problem = text.Length > MaxLength ? $"A selector has at most {MaxLength} characters; this one has {text.Length}."
            : parts.Length > MaxTerms ? $"A selector has at most {MaxTerms} terms; this one has {parts.Length}."
            : null;
        var terms = ImmutableArray.CreateBuilder<Term>();
        foreach (var part in text.Trim().Length == 0 ? [] : parts)
        {
            problem ??= Read(part, terms);
        }

        selector = problem is null ? new Selector(terms.ToImmutable()) : null;
        return problem is null;
    }

    /// <summary>Whether a machine is meant.</summary>
    public bool Matches(Machine machine)
    {
        foreach (var term in _terms)
        {
            if (term.Matches(machine) == term.IsNegated)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text that says the same.</summary>
    public override string ToString() => string.Join(',', _terms.Select(term => term.Text));

    private static string? Read(string part, ImmutableArray<Term>.Builder terms)
    {
        var sign = part.IndexOf('=', StringComparison.Ordinal);
        var isNegated = sign > 0 && part[sign - 1] == '!';
        var name = sign <= 0 ? "" : part[..(isNegated ? sign - 1 : sign)].TrimEnd();
        if (name.Length == 0)
        {
            return $"\"{part}\" is no term of a selector: write NAME=VALUE or NAME!=VALUE, like state=installed or rack=7.";
        }

        var value = part[(sign + 1)..].TrimStart();
        if (!Fields.Contains(name, StringComparer.Ordinal))
        {
            terms.Add(new Term(part, name, [$"{name}={value}"], isNegated));
            return null;
        }

        ImmutableArray<string> values = [.. value.Split('|', StringSplitOptions.TrimEntries)];
        foreach (var one in values)
        {
            if (Refusal(name, one) is { } refusal)
            {
                return refusal;
            }
        }

        terms.Add(new Term(part, name, values, isNegated));
        return null;
    }

    private static string? Refusal(string name, string value) => name switch
    {
        "state" when !Lifecycle.TryParseState(value, out _) =>
            $"There is no state \"{value}\"; there are {string.Join(", ", Enum.GetValues<MachineState>().Select(Lifecycle.NameOf))}{Suggestion.For(value, Enum.GetValues<MachineState>().Select(Lifecycle.NameOf))}",
        "enabled" when value is not ("true" or "false") => $"enabled is true or false, not \"{value}\".",
        _ when value.Length == 0 => $"{name} has no value.",
        _ => null,
    };

    private sealed record Term(string Text, string Name, ImmutableArray<string> Values, bool IsNegated)
    {
        public bool Matches(Machine machine) => Name switch
        {
            "profile" => machine.Profile is { } profile && Values.Contains(profile, StringComparer.Ordinal),
            "state" => Values.Contains(Lifecycle.NameOf(machine.State), StringComparer.Ordinal),
            "serial" => Values.Any(value => value.EndsWith('*')
                ? machine.Serial.Text.StartsWith(value[..^1], StringComparison.Ordinal)
                : machine.Serial.Text == value),
            "enabled" => Values.Contains(machine.Enabled ? "true" : "false", StringComparer.Ordinal),
            _ => machine.Metadata.Contains(Values[0], StringComparer.Ordinal),
        };
    }
}
