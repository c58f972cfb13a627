using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Inventory;

/// <summary>Debian's dnsmasq serves the hosts file, and its BIND the zones.</summary>
public sealed class NameServiceTests : IAsyncLifetime
{
    private readonly InventorySite _site = new();

    public async ValueTask InitializeAsync() => await _site.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["vm-1"] = """{"Serial": "vm-1", "State": "running", "Profile": "core", "Hostname": "db", "MacAddresses": ["02:00:00:00:00:01"], "InternalAddr": "127.0.0.101"}""",
        ["vm-2"] = """{"Serial": "vm-2", "State": "running", "Profile": "core", "Hostname": "twin", "MacAddresses": ["02:00:00:00:00:02"], "InternalAddr": "127.0.0.102"}""",
        ["vm-3"] = """{"Serial": "vm-3", "State": "running", "Profile": "core", "Hostname": "twin", "MacAddresses": ["02:00:00:00:00:03"], "InternalAddr": "127.0.0.103"}""",
    });

    [Fact]
    public async Task Dnsmasq_answers_names_and_addresses_of_the_hosts_file_and_none_that_two_machines_have()
    {
        var (code, hosts) = await _site.Mayu.CtlAsync("inventory", "--hosts");
        Assert.True(code == 0, hosts);
        var file = await _site.WriteAsync("hosts", hosts);
        await using var dnsmasq = await RunningProgram.StartAsync(
            _site.Host, $"read {file}", "dnsmasq", "--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--port=5353",
            "--listen-address=127.0.0.1", "--bind-interfaces", "--pid-file=", $"--addn-hosts={file}");

        Assert.Equal("127.0.0.101", await DigAsync(5353, "db.rack.example"));
        Assert.Equal("127.0.0.101", await DigAsync(5353, "db"));
        Assert.Equal("db.rack.example.", await DigAsync(5353, "-x", "127.0.0.101"));
        Assert.Equal("", await DigAsync(5353, "twin.rack.example"));
        Assert.Contains("# left out: machine vm-2 (127.0.0.102): machine vm-3 has the host name twin, too", hosts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bind_loads_the_zones_and_answers_by_them()
    {
        var forward = await ZoneAsync("rack.example");
        var reverse = await ZoneAsync("0.0.127.in-addr.arpa");
        var config = await _site.WriteAsync("named.conf", $$"""
            options {
              directory "{{_site.Mayu.Folder}}"; pid-file none; session-keyfile none; recursion no; dnssec-validation no; empty-zones-enable no;
              listen-on port 5353 { 127.0.0.1; }; listen-on-v6 { none; };
            };
            controls { };
            zone "rack.example" { type primary; file "{{forward}}"; };
            zone "0.0.127.in-addr.arpa" { type primary; file "{{reverse}}"; };
            """);
        await TestNetwork.RunAsync(_site.Host, "named-checkconf", "-z", config);
        await using var bind = await RunningProgram.StartAsync(_site.Host, "all zones loaded", "named", "-g", "-c", config);

        Assert.Equal("127.0.0.101", await DigAsync(5353, "db.rack.example"));
        Assert.Equal("127.0.0.1", await DigAsync(5353, "ns.rack.example"));
        Assert.Equal("ns.rack.example.", await DigAsync(5353, "rack.example", "NS"));
        Assert.Equal("db.rack.example.", await DigAsync(5353, "-x", "127.0.0.101"));
        Assert.Equal("", await DigAsync(5353, "twin.rack.example"));
        Assert.Equal("", await DigAsync(5353, "-x", "127.0.0.102"));
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private async Task<string> ZoneAsync(string origin)
    {
        var (code, zone) = await _site.Mayu.CtlAsync("inventory", "--zone", origin);
        Assert.True(code == 0, zone);
        var file = await _site.WriteAsync($"{origin}.zone", zone);
        Assert.Contains("OK", await TestNetwork.RunAsync(_site.Host, "named-checkzone", "-i", "local", origin, file), StringComparison.Ordinal);
        return file;
    }

    private async Task<string> DigAsync(int port, params string[] question) =>
        (await TestNetwork.RunAsync(_site.Host, ["dig", "@127.0.0.1", "-p", port.ToString(System.Globalization.CultureInfo.InvariantCulture), "+short", "+tries=2", .. question])).Trim();
}
