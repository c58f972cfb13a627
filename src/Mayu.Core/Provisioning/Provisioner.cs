using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;

namespace Mayu.Core.Provisioning;

/// <summary>Renders what a machine is handed: the first-stage script, then its provisioning config.</summary>
/// <param name="renderer">Renders templates.</param>
/// <param name="network">The network that machines live in.</param>
/// <param name="extraNics">Further interfaces that machines have addresses for.</param>
/// <param name="bootUrl">Where this server answers machines, without a final slash.</param>
/// <param name="variables">The operator's own variables, for all machines (<c>vars</c> in the configuration).</param>
public sealed class Provisioner(TemplateRenderer renderer, NetworkPlan network, ImmutableArray<ExtraNic> extraNics, string bootUrl, JsonObject variables)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The same for machines that reach this server under another address.</summary>
    /// <param name="url">Where it answers them, without a final slash.</param>
    public Provisioner At(string url) => url == bootUrl ? this : new Provisioner(renderer, network, extraNics, url, variables);

    /// <summary>The script that the discovery system runs. It knows no more than the serial: nothing may be decided yet.</summary>
    /// <exception cref="TemplateException">The template is broken.</exception>
    public string FirstStageScript(Serial serial) => renderer.Render("first_stage_script.sh", FirstStageVariables(serial));

    /// <summary>The cloud-config for discovery systems that are started with one; it runs the first-stage script.</summary>
    /// <exception cref="TemplateException">The template is broken.</exception>
    public string FirstStageCloudConfig(Serial serial)
    {
        const string Name = "cloudconfig/first_stage.yaml";
        return CheckedYaml(Name, renderer.Render(Name, FirstStageVariables(serial)));
    }

    /// <summary>The provisioning config of a machine that has its profile and address.</summary>
    /// <exception cref="TemplateException">The template is broken, or prints a variable that this machine lacks.</exception>
    public ProvisioningConfig Config(Machine machine, Profile profile, InstallImage? image)
    {
        var values = ConfigVariables(machine, profile, image);
        if (profile.Provisioning == ProvisioningKind.CloudConfig)
        {
            var cloudConfig = $"cloudconfig/{profile.Template}.yaml";
            return new ProvisioningConfig(CheckedYaml(cloudConfig, renderer.Render(cloudConfig, values)), "config.yaml", "text/cloud-config");
        }

        var name = $"ignition/{profile.Template}.yaml";
        var document = YamlToJson.Convert(name, renderer.Render(name, values));
        if (document is not JsonObject root || (string?)root["ignition"]?["version"] is not { } version || !version.StartsWith("3.", StringComparison.Ordinal))
        {
            throw new TemplateException(name, "its output is no Ignition config of spec 3: ignition.version must be 3.x.0");
        }

        return new ProvisioningConfig(root.ToJsonString(Indented), "config.ign", "application/vnd.coreos.ignition+json");
    }

    private static string CheckedYaml(string name, string text)
    {
        if (!text.StartsWith("#cloud-config\n", StringComparison.Ordinal))
        {
            throw new TemplateException(name, "a cloud-config's first line must be \"#cloud-config\"", 1);
        }

        YamlToJson.Convert(name, text);
        return text;
    }

    private TemplateVariables FirstStageVariables(Serial serial) => new TemplateVariables()
        .Set("mayu", MayuVariables())
        .Set("machine", new TemplateVariables().Set("serial", serial.Text));

    private TemplateVariables ConfigVariables(Machine machine, Profile profile, InstallImage? image) => new TemplateVariables()
        .Set("mayu", MayuVariables())
        .Set("machine", new TemplateVariables()
            .Set("serial", machine.Serial.Text)
            .Set("uuid", machine.Uuid?.ToString("D") ?? "")
            .Set("hostname", machine.Overrides.GetValueOrDefault("hostname") ?? machine.Hostname ?? Hostname.FromSerial(machine.Serial))
            .Set("machine_id", machine.MachineId ?? "")
            .Set("install_id", machine.InstallId ?? "")
            .Set("profile", profile.Name)
            .Set("internal_address", machine.InternalAddress?.ToString() ?? "")
            .Set("additional_addresses", ExtraAddresses(machine))
            .Set("boot_mac", machine.MacAddresses.IsEmpty ? "" : machine.MacAddresses[0].ToString())
            .Set("boot_nic", machine.ConnectedNic ?? "")
            .Set("macs", machine.MacAddresses.Select(mac => mac.ToString()))
            .Set("bmc_address", machine.BmcAddress?.ToString() ?? "")
            .Set("keep_disk_data", machine.KeepDiskData)
            .Set("tags", machine.Metadata))
        .Set("profile", new TemplateVariables().Set("name", profile.Name).Set("tags", profile.Tags).Set("image", profile.Image))
        .Set("image", new TemplateVariables().Set("name", image?.Name ?? "").Set("version", image?.Version ?? ""))
        .Set("network", new TemplateVariables()
            .Set("subnet", network.Subnet.ToString())
            .Set("prefix_length", network.Subnet.PrefixLength)
            .Set("netmask", network.Subnet.Netmask.ToString())
            .Set("router", network.Router?.ToString() ?? "")
            .Set("domain", network.Domain ?? "")
            .Set("dns", network.Dns.Select(address => address.ToString()))
            .Set("ntp", network.Ntp.Select(address => address.ToString())))
        .Set("vars", OperatorVariables(machine));

    private IEnumerable<TemplateVariables> ExtraAddresses(Machine machine) =>
        from nic in extraNics
        where machine.AdditionalAddresses.ContainsKey(nic.Name)
        select new TemplateVariables()
            .Set("nic", nic.Name)
            .Set("address", machine.AdditionalAddresses[nic.Name].ToString())
            .Set("prefix_length", nic.Subnet.PrefixLength);

    private TemplateVariables MayuVariables() => new TemplateVariables().Set("url", bootUrl);

    // A machine's own override stands before the variable of all.
    private TemplateVariables OperatorVariables(Machine machine)
    {
        var values = TemplateVariables.From(variables);
        foreach (var (name, value) in machine.Overrides)
        {
            values.Set(name, value);
        }

        return values;
    }
}

/// <summary>A rendered provisioning config.</summary>
/// <param name="Text">The config itself. It may carry secrets: it goes to its machine and nowhere else.</param>
/// <param name="FileName">What it is called beside the image: <c>config.ign</c> or <c>config.yaml</c>.</param>
/// <param name="ContentType">Its media type.</param>
public sealed record ProvisioningConfig(string Text, string FileName, string ContentType)
{
    /// <inheritdoc/>
    public override string ToString() => FileName;
}
