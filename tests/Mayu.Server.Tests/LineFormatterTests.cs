using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Tests;

public class LineFormatterTests
{
    [Fact]
    public void An_event_is_one_line_without_the_number_that_the_framework_makes_up()
    {
        using var output = new StringWriter();
        var failure = new InvalidOperationException("it broke\nin two");
        var entry = new LogEntry<string>(LogLevel.Warning, "Mayu.Dhcp", new EventId(1_234_567, "LogOffer"), "aa:bb is offered\r\n10.0.0.1", failure, (state, _) => state);

        new LineFormatter(TimeProvider.System).Write(entry, null, output);

        Assert.Matches(
            @"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn: Mayu\.Dhcp: aa:bb is offered 10\.0\.0\.1 System\.InvalidOperationException: it broke in two\n$", output.ToString());
        Assert.DoesNotContain("1234567", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_stranger_says_does_not_write_to_the_terminal_of_who_reads_it()
    {
        using var output = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Warning, "Mayu", default, "host name \u001b[2J\u202eevil\u0007 said é", new InvalidOperationException("\u001b]0;x\u0007"), (state, _) => state);

        new LineFormatter(TimeProvider.System).Write(entry, null, output);

        Assert.DoesNotContain(output.ToString().TrimEnd('\n'), letter => char.IsControl(letter) || letter == '\u202e');
        Assert.Contains(" said é ", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LogLevel.Trace, "trce")]
    [InlineData(LogLevel.Debug, "dbug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Error, "fail")]
    [InlineData(LogLevel.Critical, "crit")]
    public void Each_level_has_a_name_of_four_letters(LogLevel level, string name)
    {
        using var output = new StringWriter();

        new LineFormatter(TimeProvider.System).Write(new LogEntry<string>(level, "Mayu", default, "text", exception: null, (state, _) => state), null, output);

        Assert.EndsWith($"Z {name}: Mayu: text\n", output.ToString(), StringComparison.Ordinal);
    }
}
