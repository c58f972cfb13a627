using System.Text;
using Mayu.Primitives;
using Spectre.Console;

namespace Mayu.Ctl.Output;

/// <summary>Prints rows: laid out for a terminal and with colours, or as aligned columns that scripts can split.</summary>
internal static class TablePrinter
{
    /// <summary>Stands for an empty value where columns are told apart by white space.</summary>
    private const string Nothing = "-";

    private const int Indent = 4;

    /// <summary>Prints the rows under their headers.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">Rows with a cell for each column.</param>
    /// <param name="hasHeaders">Whether the headers are printed.</param>
    /// <param name="widths">Of a table to which rows are added: each further call adds some, without headers.</param>
    public static void Print(
        CtlConsole console, IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<Cell>> rows, bool hasHeaders = true, ColumnWidths? widths = null)
    {
        widths ??= new ColumnWidths();
        if (console.IsTerminal)
        {
            PrintTable(console, console.IsWide ? [.. columns.Select(column => new Column(column.Name))] : columns, rows, hasHeaders, widths);
        }
        else
        {
            PrintColumns(console.Out, columns, rows, hasHeaders && !widths.IsBegun, widths);
        }
    }

    private static void PrintColumns(TextWriter output, IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<Cell>> rows, bool hasHeaders, ColumnWidths kept)
    {
        var lines = rows.Select(row => row.Select(cell => cell.Text.Length == 0 ? Nothing : cell.Text).ToArray()).ToList();
        if (hasHeaders)
        {
            lines.Insert(0, [.. columns.Select(column => column.Name.ToUpperInvariant())]);
        }

        if (lines.Count == 0)
        {
            return;
        }

        var widths = kept.Grow([.. Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => line[column].GetCellWidth()))]);
        // At once: a write for each of ten thousand lines takes longer than to make them.
        var table = new StringBuilder();
        foreach (var line in lines)
        {
            table.Append(string.Join(TableLayout.Gap, line.Select((text, column) => text + Padding(text, widths[column]))).TrimEnd()).Append('\n');
        }

        output.Write(table);
    }

    private static void PrintTable(CtlConsole console, IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<Cell>> rows, bool hasHeaders, ColumnWidths kept)
    {
        var isFirst = !kept.IsBegun;
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(console.Out),
            Ansi = console.Environment("TERM") is "dumb" ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = console.Environment("NO_COLOR") is { Length: > 0 } ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
        });
        var natural = kept.Grow([.. columns.Select((column, i) => rows.Select(row => row[i].Text.GetCellWidth()).Append(hasHeaders ? column.Name.Length : 0).Max())]);
        var width = console.IsWide ? natural.Sum(column => column + TableLayout.Gap.Length) : console.Width;
        terminal.Profile.Width = Math.Max(width, 1);
        var layout = TableLayout.Of(columns, natural, width);
        if (hasHeaders && isFirst)
        {
            PrintLine(terminal, layout, [.. layout.Shown.Select(i => columns[i].Name)], [.. layout.Shown.Select(_ => new Style(decoration: Decoration.Bold))]);
        }

        foreach (var row in rows)
        {
            PrintRow(terminal, layout, columns, row);
        }

        if (layout.Dropped.Count > 0 && isFirst)
        {
            console.WriteError($"Not shown, since the terminal is too narrow: {string.Join(", ", layout.Dropped.Select(i => columns[i].Name))}.");
        }
    }

    private static void PrintRow(IAnsiConsole terminal, TableLayout layout, IReadOnlyList<Column> columns, IReadOnlyList<Cell> row)
    {
        // Only the last column may have more lines than one.
        var last = WordWrap.Lines(row[layout.Shown[^1]].Text, Math.Max(layout.Widths[^1], 1));
        Style[] styles = [.. layout.Shown.Select(i => new Style(row[i].Color))];
        for (var line = 0; line < last.Count; line++)
        {
            PrintLine(terminal, layout, [.. layout.Shown.SkipLast(1).Select(i => line == 0 ? row[i].Text : ""), last[line]], styles);
        }

        foreach (var i in layout.Below.Where(i => row[i].Text.Length > 0))
        {
            var lines = WordWrap.Lines($"{columns[i].Name}: {row[i].Text}", Math.Max(terminal.Profile.Width - Indent, 20));
            foreach (var line in lines)
            {
                terminal.Write(new Text(new string(' ', Indent)));
                terminal.Write(new Text(line, new Style(row[i].Color)));
                terminal.WriteLine();
            }
        }
    }

    // A letter of an East Asian script takes two places.
    private static string Padding(string text, int width) => new(' ', Math.Max(0, width - text.GetCellWidth()));

    // Text and not markup, everywhere: brackets in a machine's words stay brackets.
    private static void PrintLine(IAnsiConsole terminal, TableLayout layout, string[] texts, Style[] styles)
    {
        var last = Array.FindLastIndex(texts, text => text.Length > 0);
        for (var i = 0; i <= last; i++)
        {
            terminal.Write(new Text(texts[i], styles[i]));
            terminal.Write(new Text(i == last ? "" : Padding(texts[i], layout.Widths[i]) + TableLayout.Gap));
        }

        terminal.WriteLine();
    }
}
