using System.Net;
using System.Net.Http.Json;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tests;
using Mayu.Server.Configuration;
using Mayu.Server.Tests.BootHttp;
using Microsoft.Extensions.Logging;

namespace Mayu.Server.Tests;

/// <summary>The whole server, with its log as it is written, and requests without end: whatever one of them causes is limited.</summary>
public sealed class LogFloodTests : IAsyncLifetime
{
    private const int Requests = 600;
    private const int AtOnce = 8;
    private const string Listening = "Now listening on: ";

    private readonly StoppedSeconds _clock = new();
    private readonly LogLines _lines = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-flood-").FullName;
    private readonly ILoggerFactory _factory;
    private MayuServer? _server;
    private HttpClient? _boot;
    private HttpClient? _api;

    public LogFloodTests() => _factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(_lines));

    public static TheoryData<string> Floods => ["a boot script", "a failure", "a wrong boot token", "an end of an installation", "no JSON", "no token", "no such path"];

    public async ValueTask InitializeAsync()
    {
        var file = Path.Combine(_folder, "config.yaml");
        await File.WriteAllTextAsync(file, $$"""
            engine: external
            network:
              address: 127.0.0.1
              subnet: 127.0.0.0/24
              internal_range: {start: 127.0.0.10, end: 127.0.0.12}
            api: {address: 127.0.0.1}
            boot: {tokens: optional}
            data_dir: {{_folder}}
            defaults: {image: os}
            profiles: [{name: core, quantity: 2}]
            """);
        var reader = ConfigurationReader.Open(file, OutsideValues.None);
        var configuration = ConfigurationSchema.Bind(reader) ?? throw new InvalidOperationException(string.Join('\n', reader.Problems));
        _server = await MayuServer.StartAsync(configuration with { Netboot = configuration.Netboot with { BootPort = 0 }, ApiPort = 0 }, reader, _factory, _clock, Server.Service.ServiceManager.None, CancellationToken.None);
        _boot = new HttpClient { BaseAddress = Url("http://") };
        _api = TestServer.ApiClient(_server.Keys, Url("https://").ToString());
    }

    public async ValueTask DisposeAsync()
    {
        _boot?.Dispose();
        _api?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _factory.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Floods))]
    public async Task However_many_requests_come_each_part_of_the_server_writes_a_hundred_lines_a_second(string what)
    {
        await FloodAsync(what);

        var parts = _lines.All.Where(line => !line.TellsOfOthers).CountBy(line => (line.Category, line.Level)).ToList();
        Assert.All(parts, part => Assert.InRange(part.Value, 1, LimitedLog.Lines));
    }

    [Theory]
    [InlineData("a boot script", "Machine vm-")]
    [InlineData("a failure", "Machine vm-")]
    public async Task No_line_about_a_machine_is_lost_without_being_counted(string what, string start)
    {
        await FloodAsync(what);
        _clock.Pass(TimeSpan.FromSeconds(1));
        await AskAsync(what, Requests);

        var lines = _lines.All.Where(line => line.Category == "Mayu.Boot").ToList();
        Assert.Equal(LimitedLog.Lines + 1, lines.Count(line => line.Text.StartsWith(start, StringComparison.Ordinal)));
        await Eventually.TrueAsync(() => LeftOutAtBoot() == Requests - LimitedLog.Lines);

        int LeftOutAtBoot() => _lines.All.Where(line => line is { Category: "Mayu.Boot", TellsOfOthers: true }).Sum(line => int.Parse(line.Text.Split(' ')[0], null));
    }

    private Task FloodAsync(string what) => Parallel.ForEachAsync(
        Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) => await AskAsync(what, number));

    private async Task AskAsync(string what, int number)
    {
        using var answer = what switch
        {
            "a boot script" => await _boot!.GetAsync($"/ipxebootscript?serial=vm-{number}"),
            "a failure" => await _boot!.PostAsJsonAsync($"/callbacks/vm-{number}/failed", new { step = "disk", reason = "too small" }),
            "a wrong boot token" => await _boot!.GetAsync($"/boot/{number:x32}/config"),
            "an end of an installation" => await _boot!.PostAsJsonAsync($"/callbacks/vm-{number}/installed", new { }),
            "no JSON" => await _boot!.PostAsync($"/callbacks/vm-{number}/failed", new StringContent("{")),
            "no token" => await _api!.GetAsync("/api/v1/machines"),
            _ => await _boot!.GetAsync("/no/such/path"),
        };
        var expected = what switch
        {
            "a boot script" => HttpStatusCode.OK,
            "a failure" => HttpStatusCode.Accepted,
            "a wrong boot token" => HttpStatusCode.Forbidden,
            "an end of an installation" or "no such path" => HttpStatusCode.NotFound,
            "no token" => answer.StatusCode == HttpStatusCode.TooManyRequests ? HttpStatusCode.TooManyRequests : HttpStatusCode.Unauthorized,
            _ => answer.StatusCode,
        };
        Assert.Equal(expected, answer.StatusCode);
    }

    private Uri Url(string scheme) => new(_lines.Texts.First(text => text.StartsWith(Listening + scheme, StringComparison.Ordinal))[Listening.Length..]);

    // The day goes on, so that certificates are valid; no second ends before the test says so.
    private sealed class StoppedSeconds : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);
    }
}
