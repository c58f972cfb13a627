using System.Globalization;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Etcd;

/// <summary>Debian's etcd finds its first members by Mayu: three hosts, each with one etcd, and a fourth that comes too late.</summary>
public sealed class EtcdDiscoveryTests : IAsyncLifetime
{
    private const string MayuAddress = "10.77.0.1";
    private const int Members = 3;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly TestNetwork _network = new();
    private readonly List<RunningProgram> _etcds = [];
    private readonly List<string> _hosts = [];
    private string _server = "";
    private MayuServer? _mayu;

    private MayuServer Mayu => _mayu!;

    [Fact]
    public async Task Three_find_each_other_over_a_restart_of_Mayu_and_elect_a_leader_and_a_fourth_is_sent_away()
    {
        var url = await CurlAsync(_server, "--request", "PUT", "--data", $"size={Members}", $"http://{MayuAddress}:4081/etcd/new");
        Assert.Matches($"^http://{MayuAddress}:4081/etcd/[0-9a-f]{{32}}$", url);
        await StartAsync(0, url);
        await StartAsync(1, url);
        await RegisteredAsync(url, 2);

        // Both wait for the third, whose registration neither would hear of.
        await Mayu.StopAsync("KILL");
        await Mayu.StartAsync();
        await RegisteredAsync(url, 2);
        await StartAsync(2, url);
        await HealthyAsync();

        var members = await CurlAsync(_hosts[1], "--data", "{}", "http://127.0.0.1:2379/v3/cluster/member/list");
        Assert.Equal(Members, members.Split("\"peerURLs\"").Length - 1);
        Assert.Matches("\"leader\":\"[1-9][0-9]*\"", await CurlAsync(_hosts[2], "--data", "{}", "http://127.0.0.1:2379/v3/maintenance/status"));

        // The default of --discovery-fallback is to serve as a proxy of the members.
        var (exitCode, output) = await TestNetwork.TryAsync(_hosts[Members], Command(Members, url, "--discovery-fallback", "exit"));
        Assert.True(exitCode != 0, output);
        Assert.Contains("discovery: cluster is full", output, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(Mayu.Folder, $"etcd-{Members}"), recursive: true);
        await StartAsync(Members, url, "falling back to proxy");
        Assert.Equal(Members, Count(await CurlAsync(_server, url)));
    }

    [Fact]
    public async Task A_token_that_does_not_exist_is_told_in_the_words_that_etcd_understands()
    {
        var (exitCode, output) = await TestNetwork.TryAsync(_hosts[0], Command(0, $"http://{MayuAddress}:4081/etcd/{new string('0', 32)}"));
        Assert.True(exitCode != 0, output);
        Assert.Contains("100: Key not found", output, StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync()
    {
        TestNetwork.NeedRoot();
        _server = await _network.AddHostAsync("m");
        await TestNetwork.AddBridgeAsync(_server, "br0", $"{MayuAddress}/24");
        for (var i = 0; i <= Members; i++)
        {
            var host = await _network.AddHostAsync($"e{i}");
            await TestNetwork.PlugAsync(host, "eth0", _server, "br0");
            await TestNetwork.IpAsync(host, "address", "add", $"{AddressOf(i)}/24", "dev", "eth0");
            _hosts.Add(host);
        }

        _mayu = new MayuServer(_server, MayuAddress);
        await Mayu.ConfigureAsync($$"""
            engine: external
            network:
              address: {{MayuAddress}}
              subnet: 10.77.0.0/24
              internal_range: { start: 10.77.0.100, end: 10.77.0.150 }
            defaults: { image: none }
            """);
        await Mayu.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var etcd in _etcds)
        {
            await etcd.StopAsync("KILL");
        }

        if (_mayu is not null)
        {
            await _mayu.DisposeAsync();
        }

        await _network.DisposeAsync();
    }

    private static string AddressOf(int number) => string.Create(CultureInfo.InvariantCulture, $"10.77.0.{11 + number}");

    private static int Count(string answer) => answer.Split("\"value\"").Length - 1;

    private static Task<string> CurlAsync(string host, params string[] arguments) => TestNetwork.RunAsync(host, ["curl", "--silent", "--max-time", "20", .. arguments]);

    private string[] Command(int number, string url, params string[] more) =>
    [
        "etcd", "--name", $"e{number}", "--data-dir", Path.Combine(Mayu.Folder, $"etcd-{number}"), "--discovery", url,
        "--listen-peer-urls", $"http://{AddressOf(number)}:2380", "--initial-advertise-peer-urls", $"http://{AddressOf(number)}:2380",
        "--listen-client-urls", $"http://{AddressOf(number)}:2379,http://127.0.0.1:2379", "--advertise-client-urls", $"http://{AddressOf(number)}:2379", .. more,
    ];

    private async Task StartAsync(int number, string url, string said = "discovery URL") => _etcds.Add(await RunningProgram.StartAsync(_hosts[number], said, Command(number, url)));

    private Task RegisteredAsync(string url, int count) => UntilAsync(async () => Count(await CurlAsync(_server, url)) == count, $"{count} members did not register");

    private Task HealthyAsync() => UntilAsync(
        async () => (await TestNetwork.TryAsync(_hosts[0], "curl", "--silent", "--max-time", "20", "http://127.0.0.1:2379/health")).Output.Contains("\"true\"", StringComparison.Ordinal),
        "the cluster did not become healthy");

    private async Task UntilAsync(Func<Task<bool>> isSo, string otherwise)
    {
        for (var waited = TimeSpan.Zero; !await isSo(); waited += Glance)
        {
            Assert.True(waited < Patience, $"{otherwise}; mayu said:\n{Mayu.Log}\n{string.Join('\n', _etcds.Select(etcd => etcd.Log))}");
            await Task.Delay(Glance, TestContext.Current.CancellationToken);
        }
    }
}
