using System.Globalization;
using Mayu.Server.Configuration;

namespace Mayu.Server.Tests.Configuration;

/// <summary>Each number, time and text of the configuration at its bounds, and one beyond them.</summary>
public sealed class BoundsTests
{
    [Theory]
    [InlineData("api: {port: #}", 1, 65535)]
    [InlineData("boot: {port: #}", 1, 65535)]
    [InlineData("boot: {max_connections_per_client: #}", 1, 4096)]
    [InlineData("api: {max_connections_per_client: #}", 1, 1024)]
    [InlineData("dhcp: {known_share: #}", 0, 90)]
    [InlineData("dhcp: {mtu: #}", 68, 65535)]
    [InlineData("tftp: {max_block_size: #}", 8, 65464)]
    [InlineData("tftp: {max_window_size: #}", 1, 512)]
    [InlineData("tftp: {max_transfers: #}", 1, 100_000)]
    [InlineData("tftp: {max_transfers_per_client: #}", 1, 100_000)]
    [InlineData("pxe: {quirks: [{architecture: bios, max_block_size: #}]}", 512, 65464)]
    [InlineData("pxe: {architectures: [{architecture: #, file: a.efi}]}", 0, 65535)]
    [InlineData("profiles: [{name: core, quantity: #}]", 0, 1_000_000)]
    [InlineData("profiles: [{name: core, requires: {cpu_threads: #}}]", 1, 1_000_000)]
    [InlineData("profiles: [{name: core, requires: {nics: #}}]", 1, 1_000_000)]
    [InlineData("profiles: [{name: core, requires: {nic_speed: #}}]", 1, 1_000_000)]
    [InlineData("profiles: [{name: core, requires: {memory: #MiB}}]", 1, 100_000)]
    public void A_number_is_taken_within_its_bounds_alone(string yaml, int least, int most) => AssertBounds(
        number => yaml.Replace("#", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), least, most);

    [Theory]
    [InlineData("tftp: {idle_timeout: #}", "2s", "1999ms", "10m", "601s")]
    [InlineData("tftp: {max_duration: #}", "1m", "59s", "24h", "86401s")]
    [InlineData("dhcp: {auto_interval: #}", "1s", "999ms", "10m", "601s")]
    [InlineData("dhcp: {unknown_lease_time: #}", "2m", "119s", "24h", "86401s")]
    [InlineData("pxe: {menu: #}", "1s", "999ms", "10m", "601s")]
    [InlineData("pxe: {quirks: [{architecture: bios, delay: #}]}", "100ms", "99ms", "10s", "10001ms")]
    public void A_time_is_taken_within_its_bounds_alone(string yaml, string least, string less, string most, string more)
    {
        foreach (var (time, isTaken) in new[] { (least, true), (less, false), (most, true), (more, false) })
        {
            Assert.Equal(isTaken, Problems(yaml.Replace("#", time, StringComparison.Ordinal)).Count == 0);
        }
    }

    [Theory]
    [InlineData("profiles: [{name: #}]", 64)]
    [InlineData("profiles: [{name: core, template: \"#\"}]", 64)]
    [InlineData("profiles: [{name: core, tags: [\"#=a\"]}]", 254)]
    [InlineData("profiles: [{name: core, install_disk: /dev/#}]", 123)]
    [InlineData("pxe: {quirks: [{architecture: bios, file: #}]}", 127)]
    [InlineData("pxe: {quirks: [{vendor_class: #, file: a.efi}]}", 255)]
    [InlineData("pxe: {quirks: [{architecture: bios, boot_menu: #}]}", 64)]
    public void A_text_has_at_least_one_character_and_at_most_its_bound(string yaml, int most) => AssertBounds(
        length => yaml.Replace("#", new string('a', length), StringComparison.Ordinal), 1, most);

    [Theory]
    [InlineData("network: 7", "network: it must be a map of keys")]
    [InlineData("vars: 7", "vars: it must be a map")]
    [InlineData("profiles: {a: b}", "profiles: it must be a list of maps")]
    [InlineData("profiles: [a]", "profiles: each entry must be a map of keys")]
    [InlineData("kernel_arguments: {a: b}", "kernel_arguments: it must be a list of: text")]
    [InlineData("kernel_arguments: a", "kernel_arguments: it must be a list of: text")]
    [InlineData("engine: [a]", "engine: it must be a single value")]
    [InlineData("api: {tls_key: key.pem}", "api.tls_key: tls_certificate and tls_key must be set together")]
    [InlineData("api: {tls_certificate: cert.pem}", "api.tls_certificate: tls_certificate and tls_key must be set together")]
    [InlineData("boot: {port: 4080}", "boot: boot.port and api.port are both 4080")]
    public void What_has_another_shape_is_told_with_its_key(string yaml, string problem) =>
        Assert.Contains(Problems(yaml), told => told.EndsWith(problem, StringComparison.Ordinal));

    [Fact]
    public void A_certificate_with_its_key_is_taken() => Assert.Empty(Problems("api: {tls_certificate: cert.pem, tls_key: key.pem}"));

    // A short name may differ in two letters, a longer one in a third of them.
    [Theory]
    [InlineData("vras", "vars")]
    [InlineData("vrrs", "vars")]
    [InlineData("xxrs", "vars")]
    [InlineData("xxxs", null)]
    [InlineData("data_xxx", null)]
    [InlineData("kernel_argXXXXXs", "kernel_arguments")]
    [InlineData("kernel_arXXXXXXs", null)]
    [InlineData("engin", "engine")]
    [InlineData("enginee", "engine")]
    [InlineData("sengine", "engine")]
    public void A_key_that_there_is_not_is_told_with_the_nearest_one_where_one_is_near(string key, string? nearest) =>
        Assert.EndsWith(nearest is null ? "there is no such key" : $"there is no such key; did you mean \"{nearest}\"?", Assert.Single(Problems($"{key}: 1")), StringComparison.Ordinal);

    private static void AssertBounds(Func<int, string> yamlWith, int least, int most)
    {
        foreach (var (number, isTaken) in new[] { (least, true), (most, true), (least - 1, false), (most + 1, false) })
        {
            var problems = Problems(yamlWith(number));
            Assert.True(problems.Count == 0 == isTaken, $"{number}: {string.Join('\n', problems)}");
        }
    }

    private static List<string> Problems(string yaml)
    {
        const string Network = """
            network:
              interface: eth1
              address: 10.0.0.1
              subnet: 10.0.0.0/24
              bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}
              internal_range: {start: 10.0.0.10, end: 10.0.0.99}
            defaults: {image: os-1}

            """;
        var reader = ConfigurationReader.Read(
            "test.yaml", (yaml.StartsWith("network:", StringComparison.Ordinal) ? "" : Network) + yaml + "\n", OutsideValues.None);
        ConfigurationSchema.Bind(reader);
        return [.. reader.Problems.Select(problem => problem.ToString())];
    }
}
