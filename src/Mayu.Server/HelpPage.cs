using System.CommandLine;

namespace Mayu.Server;

/// <summary>A command that has one line in the list of commands, and a page of its own with examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="line">What it does, for the list.</param>
/// <param name="page">What it does, for its own page.</param>
internal sealed class HelpPage(string name, string line, string page) : Command(name, line)
{
    /// <summary>Width of all help, in columns.</summary>
    public const int Width = 80;

    /// <summary>Shows the page from now on: this is the command that was typed.</summary>
    public void Open() => Description = page;
}
