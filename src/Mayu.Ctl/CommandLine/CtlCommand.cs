using System.CommandLine;

namespace Mayu.Ctl.CommandLine;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does, in one sentence.</param>
/// <param name="examples">Command lines to copy, one a line.</param>
internal sealed class CtlCommand(string name, string description, string examples) : Command(name, description)
{
    /// <summary>Command lines to copy, one a line.</summary>
    public string Examples => examples;
}
