using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Core.Tests.Provisioning;
using Mayu.Core.Tests.Yaml;
using Mayu.Core.Yaml;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Provisioning;

/// <summary>The shipped templates and the examples with a network, for each model of interfaces, read by the programs that they are for.</summary>
public sealed class ShippedTemplateTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-it-shipped-").FullName;
    private readonly TemplateRenderer _renderer = new(new TemplateLibrary());

    public static TheoryData<string> Models => NetworkSnippetTests.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Ignition_takes_each_config_without_a_word(string model)
    {
        var (provisioner, machine) = For(model);
        foreach (var text in new[]
        {
            provisioner.Config(machine, ExampleText.Profile, image: null).Text,
            RenderedYaml.Ignition(_renderer.Render("examples/flatcar.yaml", provisioner.ConfigVariables(machine, ExampleText.Profile, image: null))),
            RenderedYaml.Ignition(_renderer.Render("examples/fedora-coreos.yaml", provisioner.ConfigVariables(machine, ExampleText.Profile, image: null))),
        })
        {
            Assert.Equal("", await ProgramRun.OrFailAsync("ignition-validate", Write("config.ign", text)));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Netplan_takes_the_network_of_cloud_init_and_of_the_autoinstall_without_a_word(string model)
    {
        var (provisioner, machine) = For(model);
        var autoinstall = (YamlMap)YamlLoader.Load(_renderer.Render("examples/ubuntu-autoinstall.yaml", provisioner.ConfigVariables(machine, ExampleText.Profile, image: null)))!;
        foreach (var text in new[]
        {
            provisioner.NoCloud(machine, Profile(ProvisioningKind.CloudInit, "default"), image: null).NetworkConfig,
            $"{{\"network\": {YamlToJson.Convert(((YamlMap)autoinstall["autoinstall"]!)["network"])!.ToJsonString()}}}",
        })
        {
            var file = Write("etc/netplan/10.yaml", text);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Assert.Equal("", await ProgramRun.OrFailAsync("netplan", "generate", "--root-dir", _directory));
            Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(_directory, "run/systemd/network")));
            Directory.Delete(Path.Combine(_directory, "run"), recursive: true);
        }
    }

    // A CoreOS cloud-config has no program in Debian: what reads YAML there is libyaml's twin.
    [Theory]
    [MemberData(nameof(Models))]
    public async Task Libyaml_takes_the_cloud_configs(string model)
    {
        var (provisioner, machine) = For(model);
        foreach (var text in new[] { provisioner.Config(machine, Profile(ProvisioningKind.CloudConfig, "last_stage"), image: null).Text, provisioner.FirstStageCloudConfig(machine.Serial) })
        {
            var units = await ProgramRun.OrFailAsync(
                "python3", "-c", "import sys, yaml; print(len(yaml.load(open(sys.argv[1]), Loader=yaml.CSafeLoader)['coreos']['units']))", Write("cloud-config.yaml", text));
            Assert.True(int.Parse(units, System.Globalization.CultureInfo.InvariantCulture) >= 1, units);
        }
    }

    [Fact]
    public async Task Cloud_init_takes_user_data_and_vendor_data_and_shells_the_scripts()
    {
        var (provisioner, machine) = For("single");
        var seed = provisioner.NoCloud(machine, Profile(ProvisioningKind.CloudInit, "default"), image: null);
        foreach (var text in new[] { seed.UserData, seed.VendorData })
        {
            Assert.Contains("Valid cloud-config", await ProgramRun.OrFailAsync("cloud-init", "schema", "-c", Write("user-data", text)), StringComparison.Ordinal);
        }

        var script = Write("first-stage", provisioner.FirstStageScript(machine.Serial));
        Assert.Equal("", await ProgramRun.OrFailAsync("dash", "-n", script));
        Assert.Equal("", await ProgramRun.OrFailAsync("busybox", "sh", "-n", script));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static Profile Profile(ProvisioningKind kind, string template) => ExampleText.Profile with { Provisioning = kind, Template = template };

    private (Provisioner Provisioner, Core.Machines.Machine Machine) For(string name)
    {
        var (model, extra) = NetworkSnippetTests.Models[name];
        var settings = new ProvisioningSettings { Network = ExampleText.Network with { Model = model }, ExtraNics = extra, BootUrl = "http://10.0.0.1:4081", Variables = (YamlMap)YamlLoader.Load(ExampleText.Variables)! };
        return (new Provisioner(_renderer, settings), ExampleText.Machine with { AdditionalAddresses = SampleMachine.Machine(extra).AdditionalAddresses });
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
