using Mayu.Client;
using Spectre.Console;

namespace Mayu.Ctl.Output;

/// <summary>One value of a table, safe for a terminal.</summary>
internal sealed record Cell
{
    /// <summary>A value from anywhere, in a colour that only terminals show.</summary>
    public Cell(string? text, Color? color = null)
    {
        Text = PrintableText.Escape(text ?? "");
        Color = color;
    }

    /// <summary>The escaped text; empty where there is none.</summary>
    public string Text { get; }

    /// <summary>The colour, or null for the terminal's own.</summary>
    public Color? Color { get; }
}
