using System.Text.Json.Nodes;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Core.Tests.Yaml;
using Mayu.Core.Yaml;

namespace Mayu.Core.Tests.Provisioning;

public class ProvisionerTests
{
    [Fact]
    public void The_shipped_ignition_template_carries_host_name_network_and_the_report_of_completion()
    {
        var config = Provisioner().Config(Sample.Machine("s1") with { Hostname = "node-1" }, Sample.Profile("core"), image: null);

        var root = JsonNode.Parse(config.Text)!;
        Assert.Equal("config.ign", config.FileName);
        Assert.Equal("3.3.0", (string?)root["ignition"]!["version"]);
        var files = root["storage"]!["files"]!.AsArray().ToDictionary(file => (string)file!["path"]!, file => file!);
        Assert.Equal("node-1\n", DataOf(files["/etc/hostname"]));
        Assert.Equal(420, (int)files["/etc/hostname"]["mode"]!);
        var network = DataOf(files["/etc/systemd/network/10-mayu.network"]);
        Assert.Contains("Address=10.0.0.10/24\n", network, StringComparison.Ordinal);
        Assert.Contains("MACAddress=52:54:00:00:00:01\n", network, StringComparison.Ordinal);
        Assert.Contains("URL='http://10.0.0.1:4081/callbacks/s1/boot_complete'\n", DataOf(files["/opt/mayu/boot-complete"]), StringComparison.Ordinal);
        Assert.Null(root["passwd"]);
    }

    [Fact]
    public void The_shipped_cloud_config_templates_are_yaml_that_starts_as_cloud_config_does()
    {
        var profile = Sample.Profile("core") with { Provisioning = ProvisioningKind.CloudConfig, Template = "last_stage" };
        var config = Provisioner("ssh_authorized_keys: [ssh-ed25519 AAAA me@there]")
            .Config(Sample.Machine("s1"), profile, image: null);

        Assert.StartsWith("#cloud-config\n", config.Text, StringComparison.Ordinal);
        var root = YamlToJson.Convert(YamlLoader.Load(config.Text))!;
        Assert.Equal("ssh-ed25519 AAAA me@there", (string?)root["ssh_authorized_keys"]![0]);
        Assert.StartsWith("#!/bin/sh\n", (string?)root["write_files"]![1]!["content"], StringComparison.Ordinal);

        var first = YamlToJson.Convert(YamlLoader.Load(Provisioner().FirstStageCloudConfig(Sample.Serial("s1"))))!;
        Assert.Contains("/first-stage-script/s1", (string?)first["coreos"]!["units"]![0]!["content"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_serial_full_of_shell_and_yaml_stays_text()
    {
        var machine = Sample.Machine("x';reboot;#\"]{}$(id)`id`") with { Hostname = "h" };
        var config = Provisioner().Config(machine, Sample.Profile("core"), image: null);

        var root = JsonNode.Parse(config.Text)!;
        Assert.Equal(4, root["storage"]!["files"]!.AsArray().Count);
        var report = DataOf(root["storage"]!["files"]![3]!);
        Assert.Contains("URL='http://10.0.0.1:4081/callbacks/x%27%3Breboot%3B%23", report, StringComparison.Ordinal);
    }

    // A record that was edited by hand, or is an earlier Mayu's.
    [Fact]
    public void A_host_name_that_is_none_is_told_and_printed_nowhere()
    {
        foreach (var machine in new[] { Sample.Machine("s1") with { Hostname = "a\nb" }, Sample.Machine("s1") with { Overrides = Machine.NoStrings.Add("hostname", "a b") } })
        {
            var error = Assert.Throws<TemplateException>(() => Provisioner().Config(machine, Sample.Profile("core"), image: null));
            Assert.Equal("template variable machine.hostname: what the record of machine s1 has is not a host name: set another one, or remove the override hostname", error.Message);
        }
    }

    [Theory]
    [InlineData("{{ vars.disks + 1 }}", "disks", "41", "42")]
    [InlineData("{{ if vars.flag }}on{{ else }}off{{ end }}", "flag", "false", "off")]
    [InlineData("{{ vars.text | json }}", "text", "8", "\"8\"")]
    [InlineData("{{ vars.own | json }}", "own", "8", "\"8\"")]
    [InlineData("{{ vars.version | json }}", "version", "1.40", "1.40")]
    public void An_override_has_the_type_of_the_variable(string template, string name, string value, string expected) =>
        Assert.Equal(expected, Overridden(template, name, value));

    [Theory]
    [InlineData("list", "a", "cannot stand for a list, which the variable is in vars")]
    [InlineData("disks", "a", "must be a number, as the variable is in vars")]
    public void An_override_of_another_type_is_told_as_the_reason(string name, string value, string expected)
    {
        var error = Assert.Throws<TemplateException>(() => Overridden("x", name, value));
        Assert.StartsWith($"template variable vars.{name}: the override {name} of machine s1 {expected}", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"change it, or remove it with `mayuctl override s1 --remove {name}`", error.Message, StringComparison.Ordinal);
    }

    private static string Overridden(string template, string name, string value)
    {
        var folder = Directory.CreateTempSubdirectory("mayu-override-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "generic"));
            File.WriteAllText(Path.Combine(folder, "generic", "t"), template);
            var variables = (YamlMap)YamlLoader.Load("{disks: 1, flag: true, text: a, version: 1.30, list: [a]}")!;
            return new Provisioner(new TemplateRenderer(TestTemplates.Library(folder)), new ProvisioningSettings { Network = Sample.Network, BootUrl = "http://10.0.0.1:4081", Variables = variables })
                .Config(Sample.Machine("s1") with { Overrides = Machine.NoStrings.Add(name, value) }, Sample.Profile("core") with { Provisioning = ProvisioningKind.Generic, Template = "t" }, image: null).Text;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("#cloud-config\nhostname: a\n")]
    [InlineData("#cloud-config-archive\n- type: text/cloud-config\n  content: '#cloud-config'\n")]
    [InlineData("#!/bin/sh\n")]
    [InlineData("#include\nhttp://10.0.0.1/a\n")]
    [InlineData("## template: jinja\n#cloud-config\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=\"a\"\n")]
    public void User_data_may_begin_with_each_word_that_cloud_init_knows(string text) => Assert.Equal(text, RenderedYaml.UserData(text));

    [Theory]
    [InlineData("hostname: a\n")]
    [InlineData("#cloud-config \nhostname: a\n")]
    [InlineData("\n#cloud-config\n")]
    public void User_data_that_cloud_init_would_pass_over_is_refused(string text) => Assert.Throws<YamlFaultException>(() => RenderedYaml.UserData(text));

    [Theory]
    [InlineData("instance-id: a\n", null)]
    [InlineData("local-hostname: a\n", "it must have the key instance-id")]
    [InlineData("{instance-id: }\n", "it must have the key instance-id")]
    [InlineData("{instance-id: \"\"}\n", "it must have the key instance-id")]
    public void Meta_data_has_the_instance_that_cloud_init_asks_for(string text, string? expected) => AssertChecked(text, OutputCheck.MetaData, expected);

    [Theory]
    [InlineData("network: {version: 2, ethernets: {}}\n", null)]
    [InlineData("version: 1\nconfig: []\n", null)]
    [InlineData("network: {config: disabled}\n", null)]
    [InlineData("network: {version: 9}\n", "network.version: cloud-init knows the versions 1 and 2")]
    [InlineData("network: {version: \"2\"}\n", "network.version: cloud-init knows the versions 1 and 2, written without quotes")]
    [InlineData("ethernets: {}\n", "version: it is missing: write version: 2")]
    [InlineData("network: [1]\n", "network: it must be a map of keys")]
    public void A_network_config_has_a_version_that_cloud_init_knows(string text, string? expected) => AssertChecked(text, OutputCheck.NetworkConfig, expected);

    [Theory]
    [InlineData(0, "", "it is empty")]
    [InlineData(0, " \n\t\n", "it is empty")]
    [InlineData(0, "a\nb\0c", "it has a NUL here")]
    [InlineData(1, "#cloud-config\na: 1 # \0", "it has a NUL here")]
    [InlineData(2, "#!/bin/sh\n\0", "it has a NUL here")]
    public void No_text_is_empty_or_has_a_nul(int check, string text, string expected) =>
        AssertChecked(text, new[] { OutputCheck.None, OutputCheck.CloudConfig, OutputCheck.UserData }[check], expected);

    [Fact]
    public void A_nul_is_told_with_its_place()
    {
        var fault = Assert.Throws<YamlFaultException>(() => RenderedYaml.Checked("a\nbc\0d", OutputCheck.None, target: null, Core.Butane.NoEmbeddedFiles.Instance));
        Assert.Equal((2, 3), (fault.Line, fault.Column));
    }

    private static void AssertChecked(string text, OutputCheck check, string? expected)
    {
        string Checked() => RenderedYaml.Checked(text, check, target: null, Core.Butane.NoEmbeddedFiles.Instance);
        if (expected is null)
        {
            Assert.Equal(text, Checked());
        }
        else
        {
            Assert.Contains(expected, Assert.Throws<YamlFaultException>(Checked).Message, StringComparison.Ordinal);
        }
    }

    private static Provisioner Provisioner(string variables = "{}") =>
        new(new TemplateRenderer(new TemplateLibrary()), new ProvisioningSettings { Network = Sample.Network, BootUrl = "http://10.0.0.1:4081", Variables = (YamlMap)YamlLoader.Load(variables)! });

    private static string DataOf(JsonNode file)
    {
        const string Prefix = "data:;base64,";
        var source = (string)file["contents"]!["source"]!;
        Assert.StartsWith(Prefix, source, StringComparison.Ordinal);
        return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(source[Prefix.Length..]));
    }
}
