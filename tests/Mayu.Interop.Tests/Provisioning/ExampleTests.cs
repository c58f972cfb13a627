using Mayu.Core.Provisioning;
using Mayu.Core.Tests.Provisioning;
using Mayu.Core.Tests.Yaml;
using Mayu.Core.Yaml;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Provisioning;

/// <summary>The examples of templates/examples, each from variables to text, read by the program that it is for where Debian has that.</summary>
public sealed class ExampleTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-it-examples-").FullName;

    [Theory]
    [InlineData("flatcar.yaml")]
    [InlineData("fedora-coreos.yaml")]
    public async Task Ignition_takes_it_without_a_word(string name)
    {
        var config = Write(name, RenderedYaml.Ignition(Render(name)));
        Assert.Equal("", await ProgramRun.OrFailAsync("ignition-validate", config));
    }

    // What the installer's debconf does not like it tells, and ends with 0.
    [Fact]
    public async Task Debconf_takes_the_answers_of_debians_installer_without_a_word()
    {
        var text = Render("debian-preseed.cfg");
        Assert.Equal("", await ProgramRun.OrFailAsync("debconf-set-selections", "--checkonly", Write("preseed.cfg", text)));
        Assert.Contains("d-i netcfg/get_ipaddress string 10.0.0.10\n", text, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^d-i passwd/root-password-crypted password \$6\$[0-9a-f]{16}\$[./0-9A-Za-z]{86}$", text);
    }

    [Fact]
    public async Task Cloud_init_and_netplan_take_the_autoinstall()
    {
        var text = Render("ubuntu-autoinstall.yaml");
        Assert.Contains("Valid cloud-config", await ProgramRun.OrFailAsync("cloud-init", "schema", "-c", Write("user-data", RenderedYaml.CloudConfig(text))), StringComparison.Ordinal);
        var network = ((YamlMap)((YamlMap)YamlLoader.Load(text)!)["autoinstall"]!)["network"];
        var document = Write("etc/netplan/10.yaml", "{\"network\": " + YamlToJson.Convert(network)!.ToJsonString() + "}");
        File.SetUnixFileMode(document, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("", await ProgramRun.OrFailAsync("netplan", "generate", "--root-dir", _directory));
    }

    [Fact]
    public async Task Windows_answers_are_XML_with_the_values_as_they_are()
    {
        var file = Write("unattend.xml", Render("windows-unattend.xml"));
        Assert.Equal("correct <horse> 'battery' & \"staple\"\n", await ProgramRun.OrFailAsync("xmllint", "--xpath", "string(//*[local-name()='AdministratorPassword']/*[local-name()='Value'])", file));
    }

    [Fact]
    public async Task A_kickstart_files_words_are_read_as_a_shell_reads_them()
    {
        var text = Render("kickstart.ks");
        var network = text.Split('\n').Single(line => line.StartsWith("network ", StringComparison.Ordinal));
        Assert.Contains("--nameserver=10.0.0.1,10.0.0.2\n--hostname=", await ProgramRun.OrFailAsync("sh", "-c", $"printf '%s\\n' {network}"), StringComparison.Ordinal);
        Assert.Contains("ignoredisk --only-use=nvme0n1\n", text, StringComparison.Ordinal);
        Assert.Contains("sshkey --username=root 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ops@example'\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Agama_is_given_JSON()
    {
        var profile = System.Text.Json.Nodes.JsonNode.Parse(Render("agama.json"))!;
        Assert.Equal("10.0.0.10/24", (string?)profile["network"]!["connections"]![0]!["addresses"]![0]);
        Assert.Equal("/dev/nvme0n1", (string?)profile["storage"]!["drives"]![0]!["search"]);
    }

    [Fact]
    public void Talos_is_given_YAML()
    {
        var config = YamlToJson.Convert(YamlLoader.Load(Render("talos.yaml")))!;
        Assert.Equal("worker", (string?)config["machine"]!["type"]);
        Assert.Equal(ExampleText.Mac, (string?)config["machine"]!["network"]!["interfaces"]![0]!["deviceSelector"]!["hardwareAddr"]);
        Assert.Equal("10.0.0.10/24", (string?)config["machine"]!["network"]!["interfaces"]![0]!["addresses"]![0]);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    // The same text is in tests/Mayu.Core.Tests/Provisioning/Examples.
    private static string Render(string name) => ExampleText.Render(name);

    private string Write(string name, string text)
    {
        var file = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
