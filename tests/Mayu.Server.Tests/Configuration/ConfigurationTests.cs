using Mayu.Core.Profiles;
using Mayu.Core.Tests.Yaml;
using Mayu.Linux.Tests;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.ConfigViews;

namespace Mayu.Server.Tests.Configuration;

public sealed class ConfigurationTests : IDisposable
{
    private const string Valid = """
        network:
          interface: eth1
          address: 10.0.0.1
          subnet: 10.0.0.0/24
          bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}
          internal_range: {start: 10.0.0.10, end: 10.0.0.99}
          router: 10.0.0.1
          dns: [10.0.0.1, 10.0.0.2]
        defaults: {image: os-1}
        profiles:
          - {name: core, quantity: 2, tags: [role=core]}
          - {name: storage, quantity: 1, image: os-2, provisioning: cloud-config, install_disk: /dev/sda, localboot: silent}
        vars: {ssh_authorized_keys: ["ssh-ed25519 AAAA"], nested: {answer: 42}}
        """;

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void A_valid_file_becomes_a_configuration_with_defaults()
    {
        var (configuration, problems) = Bind(Valid);

        Assert.Empty(problems);
        Assert.Equal(("eth1", 4081, 4080), (configuration!.Netboot.Interface, configuration.Netboot.BootPort, configuration.ApiPort));
        Assert.Equal(["core", "storage", "default"], configuration.Cluster.Profiles.Select(profile => profile.Name));
        Assert.Equal(("os-1", "default", ProvisioningKind.Ignition, LocalBoot.Script), Of(configuration.Cluster.Profiles[0]));
        Assert.Equal(("os-2", "last_stage", ProvisioningKind.CloudConfig, LocalBoot.Silent), Of(configuration.Cluster.Profiles[1]));
        Assert.Equal("/var/lib/mayu/cluster", configuration.ClusterDirectory);
        Assert.Equal("http://10.0.0.1:4081", configuration.Netboot.BootUrl);
        Assert.Equal("{\"ssh_authorized_keys\":[\"ssh-ed25519 AAAA\"],\"nested\":{\"answer\":42}}", YamlToJson.Convert(configuration.Variables)!.ToJsonString());
        Assert.Equal(2, configuration.Cluster.TakenAddresses.Count);
    }

    [Fact]
    public void All_problems_are_told_at_once_with_file_line_and_key()
    {
        var (configuration, problems) = Bind("""
            network:
              interfase: eth1
              address: 10.1
              subnet: 10.0.0.5/24
              bootstrap_range: {start: 10.0.0.199, end: 10.0.0.100}
              internal_range: {start: 10.0.0.10}
              dns: 10.0.0.1
            profiles:
              - {name: core, quantity: many, tags: [nonsense]}
              - {name: core}
            prfiles: []
            """);

        Assert.Null(configuration);
        string[] expected =
        [
            $"{_file}:2: network.interfase: there is no such key; did you mean \"interface\"?",
            $"{_file}:3: network.address: \"10.1\" is not an IPv4 address (like 10.0.0.1)",
            $"{_file}:4: network.subnet: \"10.0.0.5/24\" is not an IPv4 subnet (like 10.0.0.0/24, without host bits)",
            $"{_file}:5: network.bootstrap_range.end: 10.0.0.100 is below the start 10.0.0.199",
            $"{_file}:6: network.internal_range.end: it is required; expected: address",
            $"{_file}:7: network.dns: it must be a list of: address",
            $"{_file}:9: profiles[].quantity: \"many\" must be a number from 0 to 1000000",
            $"{_file}:9: profiles[].tags: \"nonsense\" is not a tag (like role=core)",
            $"{_file}:10: profiles: there are 2 profiles with the name \"core\"",
            $"{_file}:9: profiles: profiles \"core\", \"default\" have no image; set `defaults.image`, or the `image` of each",
            $"{_file}:11: prfiles: there is no such key; did you mean \"profiles\"?",
        ];
        foreach (var problem in expected)
        {
            Assert.Contains(problem, problems);
        }
    }

    [Theory]
    [InlineData("bootstrap_range: {start: 10.0.0.50, end: 10.0.0.199}", "overlaps bootstrap_range")]
    [InlineData("bootstrap_range: {start: 10.0.0.1, end: 10.0.0.5}", "is inside bootstrap_range")]
    [InlineData("bootstrap_range: {start: 10.0.1.1, end: 10.0.1.5}", "is not a host address of the subnet")]
    [InlineData("bootstrap_range: {start: 10.0.0.200, end: 10.0.0.255}", "is not a host address of the subnet")]
    public void Ranges_that_cannot_be_are_refused(string range, string expected)
    {
        var (configuration, problems) = Bind(Valid.Replace("bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}", range, StringComparison.Ordinal));
        Assert.Null(configuration);
        Assert.Contains(problems, problem => problem.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_further_interface_with_a_fault_of_its_own_is_told_of_that_alone()
    {
        const string Nic = "subnet: 10.1.0.0/24, range: {start: 10.1.0.10, end: 10.1.0.20}";
        var (_, problems) = Bind(Valid.Replace("  router: 10.0.0.1\n", $"  extra_nics: [{{{Nic}}}, {{{Nic}}}]\n", StringComparison.Ordinal));

        Assert.Equal(2, problems.Count);
        Assert.All(problems, problem => Assert.Contains("network.extra_nics[].name", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Requirements_further_interfaces_and_exclusions_are_read()
    {
        var (configuration, problems) = Bind(Valid.Replace("router:", "excluded: [10.0.0.20, 10.0.0.30-10.0.0.39]\n  extra_nics: [{name: eth1, subnet: 10.1.0.0/24, range: {start: 10.1.0.5, end: 10.1.0.9}}]\n  router:", StringComparison.Ordinal)
            .Replace("quantity: 2,", "quantity: 2, requires: {memory: 60GiB, disk: 500GB, cpu_threads: 8, nics: 2, nic_speed: 10000, vendor: Dell*, product: '*R640*'},", StringComparison.Ordinal));

        Assert.Empty(problems);
        Assert.Equal(
            new ProfileRequirements { MemoryBytes = 60L << 30, DiskBytes = 500_000_000_000, CpuThreads = 8, Nics = 2, NicSpeedMbps = 10_000, Vendor = "Dell*", Product = "*R640*" },
            configuration!.Cluster.Profiles[0].Requires);
        Assert.Equal(["10.0.0.20-10.0.0.20", "10.0.0.30-10.0.0.39"], configuration.Cluster.ExcludedRanges.Select(range => range.ToString()));
        Assert.Equal(("eth1", "10.1.0.5-10.1.0.9"), (configuration.Cluster.ExtraNics.Single().Name, configuration.Cluster.ExtraNics.Single().Range.ToString()));
    }

    [Theory]
    [InlineData("requires: {memory: 60}", "\"60\" is not a size")]
    [InlineData("requires: {memory: 0GiB}", "is not a size")]
    [InlineData("requires: {memroy: 1GiB}", "did you mean \"memory\"?")]
    [InlineData("requires: {nics: 0}", "must be a number from 1")]
    public void A_requirement_that_cannot_be_is_refused(string text, string expected)
    {
        var (_, problems) = Bind(Valid.Replace("quantity: 2,", $"quantity: 2, {text},", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("git: {enabled: false}", false, null, null)]
    [InlineData("git: {push: 'ssh://backup/mayu'}", true, "ssh://backup/mayu", null)]
    [InlineData("git: {enabled: false, push: origin}", false, null, "pushing requires git (git.enabled)")]
    [InlineData("git: {push: --upload-pack=evil}", true, null, "is not a remote")]
    public void The_history_can_be_left_out_or_pushed(string text, bool enabled, string? push, string? expected)
    {
        var (configuration, problems) = Bind($"{Valid}\n{text}");
        Assert.Equal(expected is null, problems.Count == 0);
        Assert.Contains(expected ?? "", string.Join('\n', problems), StringComparison.Ordinal);
        Assert.Equal(expected is null ? (enabled, push) : (true, null), (configuration?.KeepsHistory ?? true, configuration?.PushRemote));
    }

    [Theory]
    [InlineData("excluded: [10.0.0.39-10.0.0.30]", "is not an address or range")]
    [InlineData("extra_nics: [{name: eth1, subnet: 10.0.0.0/24, range: {start: 10.0.0.5, end: 10.0.0.9}}]", "is in network.subnet")]
    [InlineData("extra_nics: [{name: eth1, subnet: 10.1.0.0/24, range: {start: 10.2.0.5, end: 10.2.0.9}}]", "is not a host address of")]
    [InlineData("extra_nics: [{name: e, subnet: 10.1.0.0/24, range: {start: 10.1.0.5, end: 10.1.0.9}}, {name: e, subnet: 10.1.0.0/24, range: {start: 10.1.0.9, end: 10.1.0.9}}]", "overlap")]
    public void Pools_that_cannot_be_are_refused(string text, string expected)
    {
        var (_, problems) = Bind(Valid.Replace("router:", $"{text}\n  router:", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_flag_stands_before_the_environment_and_that_before_the_file()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["MAYU_NETWORK_INTERFACE"] = "env0", ["MAYU_API_PORT"] = "5080", ["MAYU_NETWORK_DNS"] = "10.0.0.7,10.0.0.8" };
        var (configuration, problems) = Bind(Valid, new Dictionary<string, string>(StringComparer.Ordinal) { ["network.interface"] = "flag0" }, environment);

        Assert.Empty(problems);
        Assert.Equal(("flag0", 5080, 2), (configuration!.Netboot.Interface, configuration.ApiPort, configuration.Netboot.Network.Dns.Length));
    }

    // The file's value is right, and does not count.
    [Fact]
    public void A_value_from_outside_that_does_not_fit_others_is_told_with_its_own_place()
    {
        var (_, flag) = Bind(Valid, new Dictionary<string, string>(StringComparer.Ordinal) { ["network.router"] = "1.2.3.4" });
        Assert.StartsWith("--set network.router: 1.2.3.4 ", Assert.Single(flag), StringComparison.Ordinal);
        var (_, variable) = Bind(Valid, environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["MAYU_NETWORK_ROUTER"] = "1.2.3.4" });
        Assert.StartsWith("MAYU_NETWORK_ROUTER: network.router: 1.2.3.4 ", Assert.Single(variable), StringComparison.Ordinal);
    }

    [Fact]
    public void Profiles_that_have_no_image_are_one_problem()
    {
        var (_, problems) = Bind(Valid.Replace("{image: os-1}", "{imgae: os-1}", StringComparison.Ordinal));
        Assert.Equal(2, problems.Count);
        Assert.EndsWith("defaults.imgae: there is no such key; did you mean \"image\"?", problems[0], StringComparison.Ordinal);
        Assert.EndsWith("profiles: profiles \"core\", \"default\" have no image; set `defaults.image`, or the `image` of each", problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_flag_that_names_no_key_is_an_error_with_a_suggestion()
    {
        var (_, problems) = Bind(Valid, new Dictionary<string, string>(StringComparer.Ordinal) { ["network.interfaec"] = "x" });
        Assert.Equal(["--set network.interfaec: there is no such key; did you mean \"network.interface\"?"], problems);
    }

    [Theory]
    [InlineData("MAYU_NETWORK_INTERFAEC", "no key belongs to this environment variable; did you mean \"MAYU_NETWORK_INTERFACE\"?")]
    [InlineData("MAYU_SERVRE", "did you mean \"MAYU_SERVER\"?")]
    [InlineData("MAYU_NOTHING_OF_THE_KIND_AT_ALL", "no key belongs to this environment variable")]
    public void A_variable_of_the_environment_that_names_no_key_is_an_error(string name, string expected)
    {
        var (_, problems) = Bind(Valid, environment: new Dictionary<string, string>(StringComparer.Ordinal) { [name] = "x" });
        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
        Assert.StartsWith($"{name}: ", problems[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAYU_CONFIG")]
    [InlineData("MAYU_TOKEN_FILE")]
    [InlineData("MAYU_CONTEXT")]
    [InlineData("MAYU_PORT_4080_TCP_ADDR")]
    [InlineData("MAYU_SERVICE_HOST")]
    public void Variables_of_mayuctl_and_of_Kubernetes_are_none_of_the_configuration(string name) =>
        Assert.Empty(Bind(Valid, environment: new Dictionary<string, string>(StringComparer.Ordinal) { [name] = "x" }).Problems);

    [Theory]
    [InlineData("profiles[].quantity", "an entry of a list can only be set in the file")]
    [InlineData("profiles[].requires.memory", "an entry of a list can only be set in the file")]
    [InlineData("vars", "a map can only be set in the file")]
    [InlineData("profiles", "there is no such key")]
    public void What_has_no_single_place_cannot_be_set_by_a_flag(string key, string expected)
    {
        var (_, problems) = Bind(Valid, new Dictionary<string, string>(StringComparer.Ordinal) { [key] = "1" });
        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
        Assert.Single(problems[0].Split(key)[1..]);
    }

    [Theory]
    [InlineData("interface: eth1", "interfce: eth1", "network.interfce: there is no such key; did you mean \"interface\"?")]
    [InlineData("internal_range:", "internal_rnge:", "network.internal_rnge: there is no such key; did you mean \"internal_range\"?")]
    [InlineData("name: core", "nmae: core", "profiles[].nmae: there is no such key; did you mean \"name\"?")]
    [InlineData("network:", "netwrok:", "netwrok: there is no such key; did you mean \"network\"?")]
    public void A_required_key_that_is_misspelt_is_one_error(string right, string wrong, string expected) =>
        Assert.EndsWith(expected, Assert.Single(Bind(Valid.Replace(right, wrong, StringComparison.Ordinal)).Problems), StringComparison.Ordinal);

    [Fact]
    public void A_misspelt_key_of_one_entry_hides_nothing_of_another_in_the_same_line()
    {
        var (_, problems) = Bind($"{Valid[..Valid.IndexOf("profiles:", StringComparison.Ordinal)]}profiles: [{{quantity: 2}}, {{nmae: x}}]");
        Assert.Contains(problems, problem => problem.Contains("profiles[].name: it is required", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("profiles[].nmae: there is no such key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("templates_dir")]
    [InlineData("template_snippets_dir")]
    [InlineData("files_dir")]
    public void A_folder_that_is_named_must_be_there(string key)
    {
        Assert.EndsWith($"{key}: there is no folder /nowhere/at/all; create it, or leave {key} out{(key == "files_dir" ? "" : " for the built-in files")}", Assert.Single(Bind($"{Valid}\n{key}: /nowhere/at/all").Problems), StringComparison.Ordinal);
        Assert.EndsWith($"{key}: {_file} is a file; it must be a folder", Assert.Single(Bind($"{Valid}\n{key}: {_file}").Problems), StringComparison.Ordinal);
        Assert.Empty(Bind($"{Valid}\n{key}: {Path.GetTempPath()}").Problems);
    }

    [Theory]
    [InlineData("hostinfo_helper")]
    [InlineData("templates_dir")]
    [InlineData("template_snippets_dir")]
    [InlineData("files_dir")]
    public void What_the_server_may_not_read_is_not_called_missing(string key)
    {
        OtherUser.Give(_file);
        var closed = Directory.CreateTempSubdirectory("mayu-closed-");
        File.SetUnixFileMode(closed.FullName, UnixFileMode.None);
        var problem = OtherUser.Do(() => Assert.Single(Bind($"{Valid}\n{key}: {closed.FullName}/below").Problems).ToString());
        Assert.Contains($"{key}: {closed.FullName} is not readable for the user ", problem, StringComparison.Ordinal);
        closed.Delete();
    }

    [Fact]
    public void A_relative_folder_is_told_with_where_it_was_looked_for_and_taken_as_absolute()
    {
        Assert.EndsWith(
            $"templates_dir: there is no folder {Environment.CurrentDirectory}/no/templates (\"no/templates\" as seen from the working directory; an absolute path is the same everywhere); create it, or leave templates_dir out for the built-in files",
            Assert.Single(Bind($"{Valid}\ntemplates_dir: no/templates").Problems), StringComparison.Ordinal);
        Assert.Equal(Environment.CurrentDirectory, Bind($"{Valid}\ntemplates_dir: .").Configuration!.TemplatesDirectory);
    }

    [Fact]
    public void A_configuration_that_the_server_may_not_read_is_told_with_the_user()
    {
        File.WriteAllText(_file, Valid);
        File.SetUnixFileMode(_file, UnixFileMode.None);
        var problem = OtherUser.Do(() => Assert.Single(Problems(ConfigurationReader.Open(_file, OutsideValues.None))));
        Assert.StartsWith($"{_file}: it is not readable for the user ", problem, StringComparison.Ordinal);
        Assert.EndsWith("; run mayu as the user that may read it, or make it readable (chmod, chown)", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t.yaml", "ignition")]
    [InlineData("t.yml", "cloud-init")]
    public void A_template_is_named_without_its_ending(string template, string provisioning)
    {
        var text = Valid.Replace("name: core, quantity: 2", $"name: core, template: {template}, provisioning: {provisioning}", StringComparison.Ordinal);
        Assert.EndsWith("profiles[].template: a template is named without its ending: write t", Assert.Single(Bind(text).Problems), StringComparison.Ordinal);
        Assert.Empty(Bind(text.Replace($"provisioning: {provisioning}", "provisioning: generic", StringComparison.Ordinal)).Problems);
    }

    [Fact]
    public void A_helper_that_is_named_must_be_there() =>
        Assert.Contains("hostinfo_helper: there is no file /nowhere/infopusher; put the program infopusher there", Assert.Single(Bind($"{Valid}\nhostinfo_helper: /nowhere/infopusher").Problems), StringComparison.Ordinal);

    [Theory]
    [InlineData("router: 10.0.1.1", "10.0.1.1")]
    [InlineData("router: 10.0.0.0", "10.0.0.0")]
    [InlineData("router: 10.0.0.255", "10.0.0.255")]
    public void A_router_that_machines_cannot_reach_is_refused(string router, string address) => Assert.EndsWith(
        $"network.router: {address} is not a host address in 10.0.0.0/24: machines cannot reach it",
        Assert.Single(Bind(Valid.Replace("router: 10.0.0.1", router, StringComparison.Ordinal)).Problems), StringComparison.Ordinal);

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_told() =>
        Assert.Equal([$"{Path.GetTempPath()}: it is a folder; name the configuration file itself"], Problems(ConfigurationReader.Open(Path.GetTempPath(), OutsideValues.None)));

    [Fact]
    public void A_tab_is_told_where_it_is()
    {
        var problem = Assert.Single(Bind("network:\n  interface: eth1\n\taddress: 10.0.0.1\n").Problems);
        Assert.StartsWith($"{_file}:3: ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [", "not valid YAML")]
    [InlineData("- a", "it must be a map of keys")]
    [InlineData("a: 1\n---\nb: 2", "more than one YAML document")]
    [InlineData("a: 1\na: 2", "not valid YAML")]
    public void A_file_that_is_no_map_is_one_clear_error(string text, string expected) =>
        Assert.Single(Bind(text).Problems, problem => problem.Contains(expected, StringComparison.Ordinal) && problem.StartsWith(_file, StringComparison.Ordinal));

    [Fact]
    public void A_file_that_is_missing_says_how_to_name_another()
    {
        File.Delete(_file);
        Assert.Contains("--config FILE", Assert.Single(Problems(ConfigurationReader.Open(_file, OutsideValues.None))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_reference_has_every_key_once()
    {
        var lines = ConfigurationReference.Render().Split('\n');
        Assert.Contains(lines, line => line.StartsWith("| `profiles[].quantity` | number | 0 |", StringComparison.Ordinal));
        Assert.Equal(lines.Length, lines.Distinct().Count() + lines.Count(string.IsNullOrEmpty) - 1);
    }

    public void Dispose() => File.Delete(_file);

    private static (string Image, string Template, ProvisioningKind Provisioning, LocalBoot LocalBoot) Of(Profile profile) =>
        (profile.Image, profile.Template, profile.Provisioning, profile.LocalBoot);

    private (MayuConfiguration? Configuration, List<string> Problems) Bind(
        string text, IReadOnlyDictionary<string, string>? flags = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        File.WriteAllText(_file, text);
        var reader = ConfigurationReader.Open(_file, new OutsideValues(flags ?? OutsideValues.None.Flags, environment ?? OutsideValues.None.Environment));
        var configuration = ConfigurationSchema.Bind(reader);
        return (configuration, [.. reader.Problems.Select(problem => problem.ToString())]);
    }

    private static List<string> Problems(ConfigurationReader reader)
    {
        ConfigurationSchema.Bind(reader);
        return [.. reader.Problems.Select(problem => problem.ToString())];
    }
}
