using Mayu.Core.Addresses;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Core.Yaml;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Provisioning;

/// <summary>The examples of <c>templates/examples</c> for one machine in one network.</summary>
internal static class ExampleText
{
    public const string Mac = "52:54:00:00:00:01";

    public static string[] Names { get; } =
        ["agama.json", "debian-preseed.cfg", "fedora-coreos.yaml", "flatcar.yaml", "kickstart.ks", "talos.yaml", "ubuntu-autoinstall.yaml", "windows-unattend.xml"];

    public const string Variables = """
        ssh_authorized_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ops@example"]
        root_password: correct <horse> 'battery' & "staple"
        disk: /dev/nvme0n1
        talos: {machine_token: abcdef.0123456789abcdef, machine_ca: ca, cluster_id: id=, cluster_secret: secret=, endpoint: "https://10.0.0.5:6443"}
        """;

    public static Machine Machine { get; } = new()
    {
        Serial = Serial.TryParse("sample-1", out var serial, out _) ? serial : throw new InvalidOperationException(),
        State = MachineState.Configured,
        Profile = "core",
        InternalAddress = Address("10.0.0.10"),
        MacAddresses = [MacAddress.TryParse(Mac, out var mac) ? mac : throw new InvalidOperationException()],
        ConnectedNic = "eth0",
        MachineId = "0123456789abcdef0123456789abcdef",
        InstallId = "0123456789abcdef",
    };

    public static Profile Profile { get; } = new() { Name = "core", Quantity = 1, Image = "os", Template = "default" };

    public static NetworkPlan Network { get; } = new()
    {
        Subnet = Ipv4Subnet.TryParse("10.0.0.0/24", out var subnet) ? subnet! : throw new InvalidOperationException(),
        ServerAddress = Address("10.0.0.1"),
        Router = Address("10.0.0.1"),
        Dns = [Address("10.0.0.1"), Address("10.0.0.2")],
        Ntp = [Address("10.0.0.1")],
        Domain = "cluster.example",
    };

    /// <summary>What an example prints, before it is checked or made JSON.</summary>
    /// <param name="name">Its file name.</param>
    public static string Render(string name) => Render(name, Machine, (YamlMap)YamlLoader.Load(Variables)!);

    /// <summary>The same for another machine and with other variables.</summary>
    public static string Render(string name, Machine machine, YamlMap variables) => Renderer.Render($"examples/{name}", Of(variables).ConfigVariables(machine, Profile, image: null));

    /// <summary>The same in a network without a router.</summary>
    public static string RenderWithoutRouter(string name)
    {
        var provisioner = new Provisioner(
            Renderer, new ProvisioningSettings { Network = Network with { Router = null }, BootUrl = "http://10.0.0.1:4081", Variables = (YamlMap)YamlLoader.Load(Variables)! });
        return Renderer.Render($"examples/{name}", provisioner.ConfigVariables(Machine, Profile, image: null));
    }

    /// <summary>Renders with these variables.</summary>
    public static Provisioner Of(YamlMap variables) => new(Renderer, new ProvisioningSettings { Network = Network, BootUrl = "http://10.0.0.1:4081", Variables = variables });

    private static TemplateRenderer Renderer { get; } = new(new TemplateLibrary());

    private static Ipv4 Address(string text) => Ipv4.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));
}
