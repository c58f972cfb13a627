using System.CommandLine;

namespace Mayu.Ctl.CommandLine;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="summary">What it does, for the list of commands: it fits on a line of 80 columns, behind the arguments of the longest one.</param>
/// <param name="examples">Command lines to copy, one per line.</param>
/// <param name="details">What it does, for its own page; null: the summary.</param>
internal sealed class CtlCommand(string name, string summary, string examples, string? details = null) : Command(name, summary)
{
    /// <summary>Command lines to copy, one per line.</summary>
    public string Examples => examples;

    /// <summary>What it does, for its own page.</summary>
    public string Details { get; } = details ?? summary + ".";
}
