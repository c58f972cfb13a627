using System.Globalization;
using System.Text.RegularExpressions;
using Mayu.Server.Configuration;

namespace Mayu.Server.Preflight;

/// <summary>One thing that a check of the configuration found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Key">The key that it is about; empty when the file as a whole is meant.</param>
/// <param name="Message">A sentence; the faults of one config are one a line.</param>
internal sealed record Finding(FindingSeverity Severity, string Key, string Message)
{
    /// <summary>Where it is; null where that is not one place.</summary>
    public FindingPlace? Place { get; init; }

    /// <summary>The same, each fault of a config by itself.</summary>
    public IEnumerable<Finding> EachFault() => Message.Split(ConfigFaults.LineBreak) is [var head, .. { Length: > 0 } faults]
        ? faults.Select(fault => Of(Severity, Key, $"{head} {fault}"))
        : [this];

    /// <summary>A finding whose place stands in its message.</summary>
    public static Finding Of(FindingSeverity severity, string key, string message) => new(severity, key, message) { Place = FindingPlace.In(message) };
}

/// <summary>How bad a finding is.</summary>
internal enum FindingSeverity
{
    /// <summary>The file cannot be used.</summary>
    Invalid,

    /// <summary>Something that machines or the server need is missing or broken.</summary>
    Missing,

    /// <summary>Nothing fails for it, or it could not be checked.</summary>
    Warning,

    /// <summary>It is about what Mayu cannot check.</summary>
    Note,
}

/// <summary>A place in what a person wrote.</summary>
/// <param name="Source">A file, an environment variable or a flag.</param>
/// <param name="Line">The line, from 1; null where it has none.</param>
/// <param name="Column">The column, from 1; null where it is not known.</param>
internal sealed partial record FindingPlace(string Source, int? Line, int? Column)
{
    /// <summary>Where a problem of the configuration is.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="file">The configuration file.</param>
    public static FindingPlace Of(ConfigurationProblem problem, string file) =>
        problem.Where.StartsWith(file + ':', StringComparison.Ordinal) && int.TryParse(problem.Where.AsSpan(file.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            ? new(file, line, problem.Column)
            : new(problem.Where, null, null);

    /// <summary>The one template that a message names with a place; null: it names none, or several.</summary>
    public static FindingPlace? In(string message) => TemplatePlace().Matches(message) is [var only]
        ? new(only.Groups["file"].Value, NumberOf(only.Groups["line"]), NumberOf(only.Groups["column"]))
        : null;

    private static int? NumberOf(Group group) => int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"template (?<file>[^,\n]{1,300}), line (?<line>[0-9]{1,9}), column (?<column>[0-9]{1,9}): ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TemplatePlace();
}
