using Mayu.Client.Text;
using Spectre.Console;

namespace Mayu.Ctl.Output;

/// <summary>One value of a table, safe for a terminal.</summary>
/// <param name="text">A value from anywhere.</param>
/// <param name="color">Its colour, which only terminals show.</param>
internal sealed class Cell(string? text, Color? color = null)
{
    /// <summary>The escaped text; empty where there is none.</summary>
    public string Text { get; } = PrintableText.Escape(text ?? "");

    /// <summary>The colour, or null for the terminal's own.</summary>
    public Color? Color => color;
}
