using Mayu.Core.Rendering;
using Mayu.Core.Yaml;

namespace Mayu.Core.Provisioning;

/// <summary>A template that cannot be read or rendered. It never carries a value, which may be a secret.</summary>
public sealed class TemplateException : Exception
{
    /// <summary>What stands between the faults of one config in a message, which is one line; a program may show each on a line of its own.</summary>
    public const string FaultSeparator = "; ";

    private const string FaultBegin = "template ";

    /// <summary>A new exception.</summary>
    /// <param name="file">The template's file.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="line">The line, from 1; null when it has none.</param>
    /// <param name="column">The column, from 1.</param>
    public TemplateException(string file, string problem, int? line = null, int? column = null)
        : this($"{Place(file, line, column)}: {problem}", $"{Place(file, line, column)}: it cannot be rendered", inner: null)
        => (File, Line, Column) = (file, line, column);

    private TemplateException(string message, string summary, Exception? inner)
        : base(message, inner) => Summary = summary;

    /// <summary>Its place and the kind of fault alone, for those who may not see the template.</summary>
    public string Summary { get; }

    /// <summary>A message's faults, each for a line of its own.</summary>
    /// <param name="message">The message of one of these exceptions.</param>
    public static IReadOnlyList<string> FaultsOf(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var faults = new List<string>();
        foreach (var part in message.Split(FaultSeparator))
        {
            // A fault may have the separator in it, as in: did you mean …?
            if (faults.Count == 0 || part.StartsWith(FaultBegin, StringComparison.Ordinal) || part.StartsWith("only the first ", StringComparison.Ordinal))
            {
                faults.Add(part);
            }
            else
            {
                faults[^1] += FaultSeparator + part;
            }
        }

        return faults;
    }

    /// <summary>The template's or snippet's file; null where faults of several are told.</summary>
    public string? File { get; }

    /// <summary>The line, from 1; null when it has none.</summary>
    public int? Line { get; }

    /// <summary>The column, from 1; null when it has none.</summary>
    public int? Column { get; }

    /// <summary>Whether it may be right, and failed because a placeholder stood for a secret.</summary>
    public bool MayBePlaceholder { get; private init; }

    /// <summary>What it printed is not what it should be.</summary>
    /// <param name="name">The template's name.</param>
    /// <param name="faults">The faults, whose places are of the output, each with what printed it; null if that is not known.</param>
    /// <param name="hasMore">Whether there are more faults than these.</param>
    public static TemplateException OfOutput(string name, IReadOnlyList<(YamlFaultException Fault, TemplatePlace? Place)> faults, bool hasMore)
    {
        ArgumentNullException.ThrowIfNull(faults);
        string[] told = [.. faults.Select(one => one.Place is { } place
            ? $"template {place.File}, line {place.Line}, column {place.Column}: {one.Fault.Message}"
            : $"template {name}: line {one.Fault.Line}, column {one.Fault.Column} of what it prints: {one.Fault.Message}")];
        if (hasMore)
        {
            told = [.. told, $"only the first {faults.Count} faults are told"];
        }

        return new TemplateException(
            string.Join(FaultSeparator, told),
            $"{(faults is [(_, { } first), ..] ? Place(first.File, first.Line, first.Column) : $"template {name}")}: what it prints has a fault",
            faults.Count > 0 ? faults[0].Fault : null);
    }

    /// <summary>The same, told of a template that failed where a placeholder may be why.</summary>
    internal TemplateException OfPlaceholder() => new(Message, Summary, InnerException) { MayBePlaceholder = true };

    private static string Place(string file, int? line, int? column) => line is null ? $"template {file}" : $"template {file}, line {line}, column {column ?? 1}";

    /// <summary>Rendering it ended in a way that nobody foresaw: a fault of this program or of its libraries, told as the template's all the same.</summary>
    /// <param name="file">The template's file.</param>
    /// <param name="escaped">What escaped. Its message may carry a value and is not repeated.</param>
    public static TemplateException Unforeseen(string file, Exception escaped)
    {
        ArgumentNullException.ThrowIfNull(escaped);
        return new TemplateException($"template {file}: it cannot be rendered ({escaped.GetType().Name}); please report it with the template", $"template {file}: it cannot be rendered", escaped);
    }
}
