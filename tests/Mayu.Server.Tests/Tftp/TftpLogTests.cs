using Mayu.Core.Addresses;
using Mayu.Server.Tftp;
using Microsoft.Extensions.Logging;

namespace Mayu.Server.Tests.Tftp;

public sealed class TftpLogTests
{
    [Fact]
    public void A_flood_of_requests_for_what_is_not_there_writes_a_hundred_lines_a_second_and_the_rest_is_counted()
    {
        var (clock, lines) = (new StoppedClock(), new Lines());
        var log = new TftpLog(lines, clock);
        for (var i = 0; i < 1000; i++)
        {
            log.Refused(new Ipv4(1), "nothing"u8, "no such file");
        }

        Assert.Equal(100, lines.All.Count);
        clock.Pass(TimeSpan.FromSeconds(1));
        log.Refused(new Ipv4(1), "nothing"u8, "no such file");
        Assert.StartsWith("900 more lines about TFTP were left out", lines.All[100], StringComparison.Ordinal);
        Assert.Equal(102, lines.All.Count);
    }

    private sealed class Lines : ILogger<TftpListener>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));
    }
}
