using Mayu.Ctl.Output;

namespace Mayu.Ctl.Tests.Output;

public sealed class CtlConsoleTests
{
    private const string Columns = "offer          362.2 ms              ";

    // A row that was too long lost its columns: its spaces were collapsed with those of its text.
    [Theory]
    [InlineData(true, 100, Columns + "10.0.0.171 from 10.0.0.1, file undionly.kpxe\n")]
    [InlineData(true, 70, Columns + "10.0.0.171 from 10.0.0.1, file\n                                     undionly.kpxe\n")]
    [InlineData(true, 40, "offer          362.2 ms\n    10.0.0.171 from 10.0.0.1, file\n    undionly.kpxe\n")]
    [InlineData(false, 40, Columns + "10.0.0.171 from 10.0.0.1, file undionly.kpxe\n")]
    public void The_text_of_a_row_is_broken_within_its_column(bool isTerminal, int width, string expected)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var console = new CtlConsole
        {
            Out = output,
            Error = TextWriter.Null,
            In = TextReader.Null,
            IsAttended = false,
            IsTerminal = isTerminal,
            Width = width,
            Environment = _ => null,
            Time = TimeProvider.System,
        };

        console.WriteRow(Columns, "10.0.0.171 from 10.0.0.1, file undionly.kpxe");

        Assert.Equal(expected, output.ToString());
    }
}
