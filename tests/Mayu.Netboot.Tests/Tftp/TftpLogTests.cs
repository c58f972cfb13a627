using Mayu.Netboot.Net;
using Mayu.Netboot.Tftp;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Tests.Tftp;

public sealed class TftpLogTests : IDisposable
{
    private readonly StoppedClock _clock = new();
    private readonly LogLines _lines = new();
    private readonly ILoggerFactory _factory;
    private readonly LimitedLoggers _loggers;
    private readonly TftpLog _log;

    public TftpLogTests()
    {
        _factory = LoggerFactory.Create(logging => logging.AddProvider(_lines));
        _loggers = new LimitedLoggers(_factory, _clock);
        _log = new TftpLog(_loggers.CreateLogger<TftpListener>(), _clock);
    }

    [Fact]
    public void A_flood_of_requests_for_what_is_not_there_writes_a_hundred_lines_a_second_and_the_rest_is_counted()
    {
        Ask(1000);
        Assert.Equal(100, _lines.All.Count(line => !line.TellsOfOthers));
        _clock.Pass(TimeSpan.FromSeconds(1));
        Ask(1);
        Assert.Equal(101, _lines.All.Count(line => !line.TellsOfOthers));
        Assert.Equal(900, _lines.LeftOut);
    }

    [Fact]
    public void Requests_that_are_left_out_of_the_log_make_no_garbage()
    {
        Ask(1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask(1000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Of_clients_that_are_turned_away_one_a_second_is_named()
    {
        for (var i = 0; i < 1000; i++)
        {
            _log.TooMany(new Ipv4(1), new TftpSettings());
        }

        Assert.Single(_lines.All);
        _clock.Pass(TimeSpan.FromSeconds(1));
        _log.TooMany(new Ipv4(1), new TftpSettings());
        Assert.Equal(999, _lines.LeftOut);
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _factory.Dispose();
    }

    private void Ask(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _log.Refused(new Ipv4(1), "nothing"u8, "no such file");
        }
    }
}
