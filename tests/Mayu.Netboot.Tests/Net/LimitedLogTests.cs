using Mayu.Netboot.Net;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Tests.Net;

#pragma warning disable CA1848, CA2254, CA1873 // What is tested is any line of any writer, not how fast it is written.

public sealed class LimitedLogTests : IDisposable
{
    private readonly StoppedClock _clock = new();
    private readonly LogLines _lines = new();
    private readonly LimitedLog _log;

    public LimitedLogTests() => _log = new LimitedLog(_lines.CreateLogger("Mayu.Boot"), _clock);

    [Fact]
    public void A_hundred_lines_a_second_are_written_and_the_rest_is_counted_in_one_line()
    {
        Write(LogLevel.Information, 1000);
        Assert.Equal(LimitedLog.Lines, _lines.All.Count);

        _clock.Pass(TimeSpan.FromSeconds(1));
        Write(LogLevel.Information, 1);
        Assert.Equal("900 more lines were omitted: at most 100 are written per second", _lines.All[LimitedLog.Lines].Text);
        Assert.Equal(LimitedLog.Lines + 2, _lines.All.Count);
    }

    [Fact]
    public void A_writer_that_asks_first_is_told_no_and_its_line_is_counted_once()
    {
        Write(LogLevel.Information, LimitedLog.Lines);
        Assert.False(_log.IsEnabled(LogLevel.Information));

        _log.TellLeftOut();
        _log.TellLeftOut();
        Assert.Equal("1 more line was omitted: at most 100 are written per second", _lines.All[^1].Text);
        Assert.Equal(1, _lines.LeftOut);
        Assert.Equal(LimitedLog.Lines + 1, _lines.All.Count);
    }

    [Fact]
    public void Ordinary_lines_hide_no_warning_and_lines_for_debugging_hide_neither()
    {
        Write(LogLevel.Debug, 5000);
        Write(LogLevel.Information, 5000);
        Write(LogLevel.Error, 1);

        Assert.Equal([(LogLevel.Debug, 1000), (LogLevel.Information, 100), (LogLevel.Error, 1)], _lines.All.CountBy(line => line.Level).Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Of_lines_with_a_stack_ten_a_second_are_written()
    {
        for (var i = 0; i < 1000; i++)
        {
            _log.LogError(new InvalidOperationException("a defect"), "A packet was dropped");
        }

        Assert.Equal(10, _lines.All.Count);
    }

    [Fact]
    public void What_is_not_logged_at_all_is_not_counted_as_left_out()
    {
        using var quiet = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(_lines));
        var log = new LimitedLog(quiet.CreateLogger("Mayu.Boot"), _clock);
        for (var i = 0; i < 5000; i++)
        {
            log.LogDebug("a packet");
        }

        log.TellLeftOut();
        Assert.Empty(_lines.All);
    }

    [Fact]
    public void A_line_that_is_left_out_allocates_nothing()
    {
        var say = LoggerMessage.Define<int>(LogLevel.Information, default, "packet {Number}");
        Flood();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Flood();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Flood()
        {
            for (var i = 0; i < 1000; i++)
            {
                say(_log, i, null);
            }
        }
    }

    [Fact]
    public async Task When_a_flood_ends_what_was_left_out_is_told_all_the_same()
    {
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(_lines));
        using var loggers = new LimitedLoggers(factory, _clock);
        for (var i = 0; i < 300; i++)
        {
            loggers.CreateLogger("Mayu.Boot").LogInformation("a machine boots");
        }

        await Eventually.TrueAsync(() => _lines.LeftOut == 200);
    }

    [Fact]
    public void Each_part_of_the_server_has_lines_of_its_own_however_often_its_log_is_made()
    {
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(_lines));
        using (var loggers = new LimitedLoggers(factory, _clock))
        {
            for (var i = 0; i < 300; i++)
            {
                loggers.CreateLogger("Mayu.Boot").LogInformation("a machine boots");
                loggers.CreateLogger("Kestrel").LogWarning("a connection is refused");
            }
        }

        Assert.Equal([("Mayu.Boot", 101), ("Kestrel", 101)], _lines.All.CountBy(line => line.Category).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(400, _lines.LeftOut);
    }

    public void Dispose() => _lines.Dispose();

    private void Write(LogLevel level, int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            _log.Log(level, "line {Number}", i);
        }
    }
}
