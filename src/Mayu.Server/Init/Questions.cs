using System.Diagnostics.CodeAnalysis;
using Mayu.Primitives;
using Mayu.Server.Configuration;

namespace Mayu.Server.Init;

/// <summary>Asks an operator, one line for each answer; an empty line takes what is proposed.</summary>
/// <param name="input">Where answers come from.</param>
/// <param name="output">Where questions go.</param>
/// <param name="asks">Whether anybody is asked: else every proposal is taken.</param>
internal sealed class Questions(TextReader input, TextWriter output, bool asks)
{
    /// <summary>Asks until an answer is right.</summary>
    /// <param name="what">What is asked for.</param>
    /// <param name="flag">The option that answers too.</param>
    /// <param name="given">The answer of the command line, which may still be wrong; null: none.</param>
    /// <param name="proposed">The proposal; null: there is none.</param>
    /// <param name="parse">Reads an answer.</param>
    /// <exception cref="InitException">There is no answer, or that of the command line is wrong.</exception>
    public T Ask<T>(string what, string flag, string? given, string? proposed, Configuration.ConfigurationSection.Parser<T> parse)
    {
        if (given is not null)
        {
            return parse(given, out var value, out var problem) ? value : throw new InitException($"{flag} {given}: \"{given}\" {problem}");
        }

        while (asks)
        {
            output.Write(proposed is null ? $"{what}: " : $"{what} [{proposed}]: ");
            var line = input.ReadLine()?.Trim() ?? throw new InitException("no answer: nothing was written");
            var answer = line.Length > 0 ? line : proposed;
            if (answer is null)
            {
                output.WriteLine("  It is required.");
            }
            else if (parse(answer, out var value, out var problem))
            {
                return value;
            }
            else
            {
                output.WriteLine($"  \"{answer}\" {problem}.");
            }
        }

        return proposed is not null && parse(proposed, out var taken, out _) ? taken : throw new InitException($"{what}: nothing can be proposed here; set {flag}");
    }

    /// <summary>Reads a range, written <c>START-END</c>.</summary>
    public static bool Range(string text, [MaybeNullWhen(false)] out Ipv4Range value, out string problem)
    {
        var isRange = Parse.AddressOrRange(text, out value, out _);
        problem = "is not a range (like 10.0.0.100-10.0.0.199)";
        return isRange;
    }
}

/// <summary>Why no configuration can be made, as a sentence.</summary>
internal sealed class InitException(string message) : Exception(message);
