using System.CommandLine;

namespace Mayu.Ctl.CommandLine;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="summary">What it does, for the list of commands: it fits on a line of 80 columns, behind the arguments of the longest one.</param>
/// <param name="examples">Command lines to copy, one per line.</param>
/// <param name="details">What it does, for its own page; null: the summary.</param>
/// <param name="formats">The values of <c>-o</c> that it has; null: table, json and yaml.</param>
internal sealed class CtlCommand(string name, string summary, string examples, string? details = null, IReadOnlyList<string>? formats = null) : Command(name, summary)
{
    /// <summary>The formats of a command that lists what has names.</summary>
    public static IReadOnlyList<string> OfNames { get; } = ["table", "wide", "json", "yaml", "name"];

    /// <summary>The formats of a command that prints a table of what has no names.</summary>
    public static IReadOnlyList<string> OfRows { get; } = ["table", "wide", "json", "yaml"];

    /// <summary>The formats of a command that is about one thing with a name.</summary>
    public static IReadOnlyList<string> OfOne { get; } = ["table", "json", "yaml", "name"];

    /// <summary>Command lines to copy, one per line.</summary>
    public string Examples => examples;

    /// <summary>What it does, for its own page.</summary>
    public string Details { get; } = details ?? summary + ".";

    /// <summary>The option with which it goes on until Ctrl-C: it then prints no YAML, which has one text for all; null: it has none.</summary>
    public Option<bool>? Follow { get; set; }

    /// <summary>The values of <c>-o</c> that it has.</summary>
    public IReadOnlyList<string> Formats { get; } = formats ?? ["table", "json", "yaml"];
}
