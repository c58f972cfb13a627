using Spectre.Console;

namespace Mayu.Ctl.Output;

/// <summary>Prints rows: as a table with colours on a terminal, as aligned columns that scripts can split elsewhere.</summary>
internal static class TablePrinter
{
    private const string Gap = "  ";

    /// <summary>Stands for an empty value where columns are told apart by white space.</summary>
    private const string Nothing = "-";

    /// <summary>Prints the rows under their headers, or without them where there are none.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="headers">One header for each column, or an empty list.</param>
    /// <param name="rows">Rows of equal length.</param>
    public static void Print(CtlConsole console, IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        if (console.IsTerminal)
        {
            PrintTable(console, headers, rows);
        }
        else
        {
            PrintColumns(console.Out, headers, rows);
        }
    }

    private static void PrintColumns(TextWriter output, IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        var lines = rows.Select(row => row.Select(cell => cell.Text.Length == 0 ? Nothing : cell.Text).ToArray()).ToList();
        if (headers.Count > 0)
        {
            lines.Insert(0, [.. headers.Select(header => header.ToUpperInvariant())]);
        }

        if (lines.Count == 0)
        {
            return;
        }

        var widths = Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            output.WriteLine(string.Join(Gap, line.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static void PrintTable(CtlConsole console, IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        var table = new Table { Border = TableBorder.Simple, ShowHeaders = headers.Count > 0 };
        var count = headers.Count > 0 ? headers.Count : rows.Select(row => row.Count).FirstOrDefault();
        for (var column = 0; column < count; column++)
        {
            // Text and not markup, everywhere: brackets in a machine's words stay brackets.
            table.AddColumn(new TableColumn(new Text(headers.Count > 0 ? headers[column] : "", new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell.Text, new Style(cell.Color))));
        }

        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(console.Out) });
        terminal.Profile.Width = console.Width;
        terminal.Write(table);
    }
}
