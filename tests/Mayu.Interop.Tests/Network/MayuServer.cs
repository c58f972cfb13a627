using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Mayu.Interop.Tests.Network;

/// <summary>`mayu serve` on a host of a test's network, with a folder of its own. It can be ended and started again.</summary>
internal sealed class MayuServer : IAsyncDisposable
{
    /// <summary>A configuration of the HTTP service alone, on the loopback: no image is there, and no machine needs a token.</summary>
    public const string OnLoopback = """
        engine: external
        network:
          address: 127.0.0.1
          subnet: 127.0.0.0/24
          internal_range: { start: 127.0.0.100, end: 127.0.0.150 }
        defaults: { image: none }
        boot: { tokens: optional }

        """;

    /// <summary>The MAC of a machine that is known and runs.</summary>
    public const string RunningMac = "02:00:00:00:00:99";

    private const string Ready = ": ready";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly string _host;
    private readonly string _address;
    private string _before = "";
    private RunningProgram? _running;

    /// <param name="host">Where it runs.</param>
    /// <param name="address">The address of its API.</param>
    public MayuServer(string host, string address) => (_host, _address) = (host, address);

    /// <summary>A folder for the files of the server and of the test.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("mayu-interop-").FullName;

    /// <summary>Environment variables of the server, each <c>NAME=value</c>.</summary>
    public string[] Variables { get; init; } = [];

    /// <summary>The id of its process.</summary>
    public int ProcessId => Running.Id;

    /// <summary>The folder of the server's data.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>What it said, all starts together.</summary>
    public string Log => _before + _running?.Log;

    /// <summary>How many times it said something.</summary>
    public int CountInLog(string text) => Log.Split(text).Length - 1;

    /// <summary>Waits until it has said this, now or before.</summary>
    public async Task PrintsAsync(string text)
    {
        if (!_before.Contains(text, StringComparison.Ordinal))
        {
            await Running.PrintsAsync(text);
        }
    }

    /// <summary>Waits until it has said this so many times.</summary>
    public async Task PrintsAgainAsync(string text, int times)
    {
        for (var waited = TimeSpan.Zero; CountInLog(text) < times; waited += Glance)
        {
            Assert.True(waited < Patience, $"mayu said \"{text}\" {CountInLog(text)} times, not {times}:\n{Log}");
            await Task.Delay(Glance, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Writes its configuration file, without the folder of its data, which is told at each start.</summary>
    public Task ConfigureAsync(string configuration) => File.WriteAllTextAsync(ConfigurationFile, configuration);

    /// <summary>Writes the record of the machine that runs.</summary>
    /// <param name="address">Its internal address.</param>
    public async Task AddRunningMachineAsync(string address)
    {
        var machine = Directory.CreateDirectory(Path.Combine(Data, "cluster", "running-1")).FullName;
        await File.WriteAllTextAsync(Path.Combine(machine, "conf.json"), $$"""
            {"Serial": "running-1", "State": "running", "Profile": "default", "MacAddresses": ["{{RunningMac}}"], "InternalAddr": "{{address}}"}
            """);
    }

    /// <summary>Starts it, and returns when it is ready.</summary>
    public Task StartAsync(params string[] arguments) => StartUntilAsync(Ready, arguments);

    /// <summary>Starts it, and returns when it has said something.</summary>
    public async Task StartUntilAsync(string said, params string[] arguments) => _running = await RunningProgram.StartAsync(_host, said, [.. Variables, .. Command(arguments)]);

    /// <summary>Sends it a signal.</summary>
    public Task SignalAsync(string signal) => Running.SignalAsync(signal);

    /// <summary>Waits until it has ended, and gives its exit code.</summary>
    public Task<int> EndsAsync() => Running.EndsAsync();

    /// <summary>Sends it a signal that ends it, and waits until it is gone.</summary>
    public async Task StopAsync(string signal)
    {
        await Running.StopAsync(signal);
        _before = Log;
        _running = null;
    }

    /// <summary>Starts a second one with the same configuration, which must end by itself.</summary>
    public Task<(int ExitCode, string Output)> SecondAsync(params string[] arguments) => TestNetwork.TryAsync(_host, Command(arguments));

    /// <summary>Asks its API by curl, from its own host: clients change their MAC and address all the time.</summary>
    public Task<string> ApiAsync(string path, params string[] more) => TestNetwork.RunAsync(_host, [
        "curl", "--silent", "--max-time", "20", "--cacert", Authority, "--header", $"Authorization: Bearer {File.ReadAllText(Token).Trim()}",
        .. more, $"https://{_address}:4080{path}"]);

    /// <summary>Reads its metrics until they say this. They are made anew 0.3 s after they were asked for last, so the first answer may be an old one.</summary>
    public async Task MetricsMatchAsync([StringSyntax(StringSyntaxAttribute.Regex)] string pattern)
    {
        var metrics = await ApiAsync("/metrics");
        for (var i = 0; i < 10 && !Regex.IsMatch(metrics, pattern, RegexOptions.None, Patience); i++)
        {
            await Task.Delay(100);
            metrics = await ApiAsync("/metrics");
        }

        Assert.Matches(pattern, metrics);
    }

    /// <summary>Runs mayuctl there, which may fail. It finds the server by the file that it left next to its CA.</summary>
    public Task<(int ExitCode, string Output)> CtlAsync(params string[] arguments) =>
        TestNetwork.TryAsync(_host, [Programs.Mayuctl, .. arguments, "--ca", Authority, "--token-file", Token]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_running is not null)
        {
            await _running.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private string Authority => Path.Combine(Data, "keys", "ca.pem");

    private string Token => Path.Combine(Data, "keys", "operator-token");

    private string ConfigurationFile => Path.Combine(Folder, "config.yaml");

    private RunningProgram Running => _running ?? throw new InvalidOperationException("mayu does not run");

    private string[] Command(string[] arguments) => [Programs.Mayu, "serve", "--config", ConfigurationFile, "--set", $"data_dir={Data}", .. arguments];
}
