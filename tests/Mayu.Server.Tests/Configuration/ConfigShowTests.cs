using System.Text.Json.Nodes;
using Mayu.Core.Yaml;
using Mayu.Server.Configuration;
using Mayu.Server.ConfigViews;

namespace Mayu.Server.Tests.Configuration;

/// <summary>`mayu config show`: every value, where it comes from, and no secret.</summary>
public sealed class ConfigShowTests
{
    private const string File = """
        network:
          interface: eth1
          address: 10.0.0.1
          subnet: 10.0.0.0/24
          bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}
          internal_range: {start: 10.0.0.10, end: 10.0.0.99}
          dns: [10.0.0.2, 10.0.0.3]
        git: {push: "https://bob:hunter1@git.example/x.git"}
        etcd_discovery: {token: 0123456789abcdef0123456789abcdef}
        vars:
          root_password: hunter2
          deep: {api_token: [hunter3], list: [plain, "$6$saltsalt$hunter4hunter4"]}
          note: |
            -----BEGIN OPENSSH PRIVATE KEY-----
            hunter5
        secrets: [{name: s, command: [/bin/echo, hunter6]}]
        kernel_arguments: [debug, rd.password=hunter7]
        defaults: {image: os-1}
        profiles: [{name: core, quantity: 2, etcd_token: 0123456789abcdef0123456789abcde0}, {name: edge}]
        """;

    [Theory]
    [InlineData("network.interface", "eth1", "file", "test.yaml:2")]
    [InlineData("network.router", "none", "default", null)]
    [InlineData("boot.port", "5081", "environment", "MAYU_BOOT_PORT")]
    [InlineData("api.port", "5080", "flag", "--set api.port")]
    [InlineData("network.lease_time", "2h", "flag", "--set network.lease_time")]
    [InlineData("network.dns", "[\"10.0.0.2\",\"10.0.0.3\"]", "file", "test.yaml:7")]
    [InlineData("network.ntp", "[\"10.0.0.4\"]", "environment", "MAYU_NETWORK_NTP")]
    [InlineData("data_dir", "/srv/mayu", "flag", "--set data_dir")]
    [InlineData("cluster_dir", "/srv/mayu/cluster", "default", null)]
    [InlineData("profiles[0].quantity", "2", "file", "test.yaml:19")]
    [InlineData("profiles[1].quantity", "0", "default", null)]
    [InlineData("profiles[0].etcd_token", "***", "file", "test.yaml:19")]
    [InlineData("git.push", "https://***@git.example/x.git", "file", "test.yaml:8")]
    [InlineData("secrets[0].command", "[\"/bin/echo\",\"***\"]", "file", "test.yaml:16")]
    [InlineData("kernel_arguments", "[\"debug\",\"rd.password=***\"]", "file", "test.yaml:17")]
    public void A_value_is_shown_with_its_source(string key, string value, string source, string? where)
    {
        var shown = JsonNode.Parse(Show("json"))!.AsArray().Single(one => (string?)one!["key"] == key)!;
        Assert.Equal(
            (value, source, where),
            (shown["value"] is JsonArray list ? list.ToJsonString() : (string?)shown["value"], (string?)shown["source"], (string?)shown["where"]));
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("yaml")]
    public void No_secret_is_shown(string format)
    {
        var text = Show(format);
        Assert.Contains("plain", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_of_the_reference_is_shown_once_in_each_format()
    {
        var keys = JsonNode.Parse(Show("json"))!.AsArray().Select(one => (string)one!["key"]!).ToList();
        Assert.Equal(keys.Count, keys.Distinct().Count());
        var reader = Bound();
        Assert.All(reader.Keys.Where(key => !key.Path.Contains("[]", StringComparison.Ordinal)), key => Assert.Contains(key.Path, keys));

        var yaml = (YamlList)YamlLoader.Load(Show("yaml"))!;
        Assert.Equal(keys, yaml.Items.Select(item => ((YamlScalar)((YamlMap)item)["key"]!).Text));
        var table = Show("table").TrimEnd('\n').Split('\n');
        Assert.Equal(keys, table[1..].Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void A_missing_value_is_a_problem_and_the_others_are_shown()
    {
        var reader = ConfigurationReader.Read("test.yaml", "network: {interface: eth1}", OutsideValues.None);
        Assert.Null(ConfigurationSchema.Bind(reader));
        Assert.Contains(reader.Shown, value => value.Path == "network.interface");
        Assert.DoesNotContain(reader.Shown, value => value.Path == "network.address");
    }

    private static string Show(string format) => ConfigShow.Render(Bound().Shown, format);

    private static ConfigurationReader Bound()
    {
        var reader = ConfigurationReader.Read("test.yaml", File, new OutsideValues(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["api.port"] = "5080", ["network.lease_time"] = "2h", ["data_dir"] = "/srv/mayu" },
            new Dictionary<string, string>(StringComparer.Ordinal) { ["MAYU_BOOT_PORT"] = "5081", ["MAYU_NETWORK_NTP"] = "10.0.0.4", ["MAYU_NETWORK_LEASE_TIME"] = "3h" }));
        Assert.NotNull(ConfigurationSchema.Bind(reader));
        return reader;
    }
}
