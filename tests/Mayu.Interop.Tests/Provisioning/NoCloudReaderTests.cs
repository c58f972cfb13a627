using System.Text.Json;
using System.Text.RegularExpressions;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Provisioning;

/// <summary>
/// Debian's cloud-init reads what a live system of it gets from the real server: the seed in the initrd, a seed that points to the server, and the network on
/// the kernel line.
/// </summary>
public sealed partial class NoCloudReaderTests : IAsyncLifetime
{
    private const string Address = "10.77.0.1";
    private const string Boot = $"http://{Address}:4081";

    private readonly TestNetwork _network = new();
    private string _host = "";
    private MayuServer? _mayu;

    private MayuServer Mayu => _mayu!;

    [Theory]
    [InlineData("initrd", "local")]
    [InlineData("pointer", "net")]
    public async Task It_finds_all_four_files_in_its_initrd_or_by_the_pointer_in_it(string delivery, string stage)
    {
        var token = TokenIn(await DiscoverAsync(delivery));
        var seed = Directory.CreateDirectory(Path.Combine(Mayu.Folder, "root")).FullName;
        await RunAsync("sh", "-c", $"cd \"$1\" && curl --silent --fail {Boot}/boot/{token}/mayu.cpio | cpio --quiet -idu", "sh", seed);

        var read = await ReadAsync(Path.Combine(seed, "var/lib/cloud"), "quiet");
        AssertMachine(read.GetProperty(stage));
    }

    [Fact]
    public async Task By_the_kernel_line_it_finds_its_network_there()
    {
        var script = await DiscoverAsync("kernel-line");
        var line = script.Split('\n').Single(text => text.StartsWith("kernel ", StringComparison.Ordinal));
        var url = SeedUrl().Match(line).Groups["url"].Value;
        var seed = Directory.CreateDirectory(Path.Combine(Mayu.Folder, "cloud", "seed", "nocloud")).FullName;
        // What "ds=nocloud-net;s=URL" does.
        await File.WriteAllTextAsync(Path.Combine(seed, "meta-data"), $"seedfrom: {url}\n");
        await File.WriteAllTextAsync(Path.Combine(seed, "user-data"), "");

        var read = await ReadAsync(Path.Combine(Mayu.Folder, "cloud"), line);
        AssertNetwork(read.GetProperty("kernel line"));
        Assert.StartsWith("#cloud-config\n", read.GetProperty("net").GetProperty("user-data").GetString(), StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync()
    {
        TestNetwork.NeedRoot();
        _host = await _network.AddHostAsync("m");
        await TestNetwork.AddBridgeAsync(_host, "br0", $"{Address}/24");
        _mayu = new MayuServer(_host, Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mayu is not null)
        {
            await _mayu.DisposeAsync();
        }

        await _network.DisposeAsync();
    }

    private static void AssertMachine(JsonElement read)
    {
        Assert.StartsWith("#cloud-config\n", read.GetProperty("user-data").GetString(), StringComparison.Ordinal);
        Assert.Contains("boot_complete", read.GetProperty("user-data").GetString(), StringComparison.Ordinal);
        Assert.Matches("^iid-[0-9a-f]{32}$", read.GetProperty("instance-id").GetString());
        Assert.Equal("live-1", read.GetProperty("host name").GetString());
        AssertNetwork(read.GetProperty("network"));
    }

    // Below a key "network", which it takes off wherever a network comes from (stages.py, from 22.2).
    private static void AssertNetwork(JsonElement document)
    {
        var network = document.GetProperty("network");
        Assert.Equal(2, network.GetProperty("version").GetInt32());
        Assert.Equal("10.77.0.100/24", network.GetProperty("ethernets").EnumerateObject().Single().Value.GetProperty("addresses")[0].GetString());
    }

    // Known by its facts; then its boot script.
    private async Task<string> DiscoverAsync(string delivery)
    {
        var images = Directory.CreateDirectory(Path.Combine(Mayu.Folder, "images", "os")).FullName;
        await File.WriteAllTextAsync(Path.Combine(images, "vmlinuz"), "kernel");
        await File.WriteAllTextAsync(Path.Combine(images, "initrd.cpio.gz"), "initrd");
        await Mayu.ConfigureAsync($$"""
            engine: external
            images_dir: {{Mayu.Folder}}/images
            network:
              address: {{Address}}
              subnet: 10.77.0.0/24
              internal_range: {start: 10.77.0.100, end: 10.77.0.150}
            defaults: {image: os, mode: live, provisioning: cloud-init, token_delivery: {{delivery}}}
            """);
        await Mayu.StartAsync();
        var token = TokenIn(await ScriptAsync());
        await RunAsync(
            "curl", "--silent", "--fail-with-body", "--header", $"Authorization: Bearer {token}",
            "--data", """{"Serial": "live-1", "ConnectedNIC": "eth0", "NetDevs": [{"Name": "eth0", "MacAddress": "52:54:00:00:00:01"}]}""", $"{Boot}/provisioning-config");
        return await ScriptAsync();
    }

    private Task<string> ScriptAsync() => RunAsync("curl", "--silent", "--fail", $"{Boot}/ipxebootscript?serial=live-1&mac=52-54-00-00-00-01");

    private Task<string> RunAsync(params string[] command) => TestNetwork.RunAsync(_host, command);

    private async Task<JsonElement> ReadAsync(string folder, string kernelLine) => JsonDocument.Parse(
        await RunAsync("/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Provisioning", "nocloud.py"), folder, kernelLine)).RootElement;

    private static string TokenIn(string script) => BootToken().Match(script).Groups["token"].Value;

    [GeneratedRegex("/boot/(?<token>[0-9a-f]{32})/", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BootToken();

    [GeneratedRegex("ds=nocloud-net;s=(?<url>[^ ]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SeedUrl();
}
