using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Butane;
using Mayu.Core.Ignition;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Rendering;
using Mayu.Core.Yaml;
using Mayu.Primitives;

namespace Mayu.Core.Provisioning;

/// <summary>Renders what a machine is handed: the first-stage script, then its provisioning config.</summary>
/// <param name="renderer">Renders templates.</param>
/// <param name="settings">What is the same for all machines.</param>
public sealed class Provisioner(TemplateRenderer renderer, ProvisioningSettings settings)
{
    /// <summary>Stands for the boot token where a config is only looked at.</summary>
    public const string BootTokenPlaceholder = "TOKEN";

    private RenderedConfigs _rendered = new();

    /// <summary>The same for machines that reach this server under another address.</summary>
    /// <param name="url">Where it answers them, without a final slash.</param>
    public Provisioner At(string url) => url == settings.BootUrl ? this : new Provisioner(renderer, settings with { BootUrl = url }) { _rendered = _rendered };

    /// <summary>The same for somebody who only looks: no config that a machine may ask for again gives way to what was rendered for him.</summary>
    public Provisioner Apart() => new(renderer, settings);

    /// <summary>The same for somebody who only looks, and may not read every secret: placeholders stand for those, and what holds one is not checked.</summary>
    /// <param name="unread">Takes note of them.</param>
    public Provisioner With(UnreadSecrets unread) => new(renderer, settings with { Unread = unread });

    /// <summary>The script that the discovery system runs. It knows no more than the serial: nothing may be decided yet.</summary>
    /// <exception cref="TemplateException">The template is broken.</exception>
    public string FirstStageScript(Serial serial) => Rendered("first_stage_script.sh", _ => FirstStageVariables(serial), OutputCheck.None, target: null, new RenderSources());

    /// <summary>The cloud-config for discovery systems that are started with one; it runs the first-stage script.</summary>
    /// <exception cref="TemplateException">The template is broken.</exception>
    public string FirstStageCloudConfig(Serial serial) =>
        Rendered("cloudconfig/first_stage.yaml", _ => FirstStageVariables(serial), OutputCheck.CloudConfig, target: null, new RenderSources());

    /// <summary>The provisioning config of a machine that has its profile and address; of cloud-init, the user data.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="image">Its image; null while that is not known.</param>
    /// <param name="asked">The newest specification of Ignition that the machine asks for; null: none. What the profile says comes first.</param>
    /// <param name="bootToken">The boot token that it asks with; null: none.</param>
    /// <param name="gone">Ends the rendering: whoever asked for it is gone.</param>
    /// <exception cref="TemplateException">The template is broken, or prints a variable that this machine lacks; nothing else escapes.</exception>
    public ProvisioningConfig Config(Machine machine, Profile profile, InstallImage? image, IgnitionSpec? asked = null, string? bootToken = null, CancellationToken gone = default)
    {
        var kind = ConfigKind.Of(profile);
        var target = kind.Kind == ProvisioningKind.Ignition ? IgnitionSpec.TryParse(profile.IgnitionVersion, out var own) ? own : asked : null;
        var text = Render($"{kind.Folder}/{profile.Template}{kind.Ending}", new RenderInputs(machine, profile, image, settings.BootUrl, kind.Check, target) { BootToken = bootToken, Gone = gone });
        return new ProvisioningConfig(text, kind.FileName, kind.ContentType);
    }

    /// <summary>All files of cloud-init's data source NoCloud.</summary>
    /// <inheritdoc cref="Config"/>
    public NoCloudSeed NoCloud(Machine machine, Profile profile, InstallImage? image, string? bootToken = null, CancellationToken gone = default)
    {
        return new NoCloudSeed(
            Config(machine, profile, image, bootToken: bootToken, gone: gone).Text, Part("meta-data", OutputCheck.MetaData), Part("vendor-data", OutputCheck.UserData), Part("network-config", OutputCheck.NetworkConfig));

        string Part(string name, OutputCheck check) => Render($"cloudinit/{name}.yaml", new RenderInputs(machine, profile, image, settings.BootUrl, check) { BootToken = bootToken, Gone = gone });
    }

    /// <summary>Of the files of NoCloud, <c>network-config</c> alone.</summary>
    /// <inheritdoc cref="Config"/>
    public string NetworkConfig(Machine machine, Profile profile, InstallImage? image) =>
        Render("cloudinit/network-config.yaml", new RenderInputs(machine, profile, image, settings.BootUrl, OutputCheck.NetworkConfig));

    private string Render(string template, RenderInputs inputs)
    {
        if (_rendered.TryFind(template, inputs, renderer, out var known))
        {
            return known;
        }

        var sources = new RenderSources(inputs.Gone);
        var secrets = new SecretVariables(settings.Secrets, inputs.Machine.Serial, sources, settings.Unread);
        var boot = new BootVariables(settings.BootUrl, inputs.BootToken, sources);
        var config = Rendered(template, others => ConfigVariables(inputs.Machine, inputs.Profile, inputs.Image, boot, others ? secrets.WithOtherPlaceholders() : secrets, sources), inputs.Check, inputs.Target, sources);
        _rendered.Add(template, inputs with { Gone = default }, sources, config);
        return config;
    }

    // Whatever a template and its values do, it ends in a text or in one kind of exception: a machine's defect is that machine's, and told with its reason.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "it goes on as a TemplateException, with its cause")]
    private string Rendered(string name, Func<bool, TemplateVariables> values, OutputCheck check, IgnitionSpec? target, RenderSources sources)
    {
        string? text = null;
        try
        {
            text = renderer.Render(name, values(false), sources);
            return RenderedYaml.Checked(text, check, target, new NotedFiles(renderer.Files, sources.NoteMore), Unchecked(name, text, () => values(true)));
        }
        catch (YamlFaultException e) when (text is not null)
        {
            throw OfOutput([e], hasMore: false);
        }
        catch (IgnitionFaultsException e) when (text is not null)
        {
            throw OfOutput(e.Faults, e.HasMore);
        }
        catch (TemplateException e) when (text is null && settings.Unread?.MayBeWhy(e.File, e.Line, e.Column) == true)
        {
            throw e.OfPlaceholder();
        }
        catch (Exception e) when (e is not (TemplateException or OperationCanceledException))
        {
            throw TemplateException.Unforeseen(name, e);
        }

        TemplateException OfOutput(IReadOnlyList<YamlFaultException> faults, bool hasMore) => TemplateException.OfOutput(
            name,
            [.. faults.Select(fault => sources.HasSecrets ? fault.WithoutValues(sources.IsOwn) : fault).Zip(renderer.PlacesOf(name, values(false), text!, [.. faults.Select(fault => (fault.Line, fault.Column))]))],
            hasMore);
    }

    // Tells of a fault whether its value is made of a placeholder, so that nobody can say whether it is one; null where there is no placeholder.
    private Func<YamlFaultException, bool>? Unchecked(string name, string text, Func<TemplateVariables> others)
    {
        if (settings.Unread is not { Secrets.Count: > 0 } unread)
        {
            return null;
        }

        var places = new PlaceholderPlaces(text, TryRender);
        return fault =>
        {
            if (!places.Holds(fault.Line, fault.Column))
            {
                return false;
            }

            unread.NoteUnchecked(fault.Path.Length > 0 ? fault.Path : $"line {fault.Line} of what {name} prints");
            return true;
        };

        string? TryRender()
        {
            try
            {
                return renderer.Render(name, others());
            }
            catch (TemplateException)
            {
                return null;
            }
        }
    }

    private TemplateVariables FirstStageVariables(Serial serial) => new TemplateVariables()
        .Set("mayu", new TemplateVariables().Set("url", settings.BootUrl))
        .Set("machine", new TemplateVariables().Set("serial", serial.Text));

    internal TemplateVariables ConfigVariables(Machine machine, Profile profile, InstallImage? image, BootVariables? boot = null, SecretVariables? secrets = null, RenderSources? sources = null) => new TemplateVariables()
        .Set("mayu", boot ?? new BootVariables(settings.BootUrl, null, sources))
        .Set("machine", new TemplateVariables()
            .Set("serial", machine.Serial.Text)
            .Set("uuid", machine.Uuid?.ToString("D") ?? "")
            .Set("hostname", NameOf(machine))
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
        .Set("network", new NetworkVariables(settings.Network, settings.ExtraNics).Of(machine))
        .Set("vars", OperatorVariables(machine))
        .Set("etcd", new EtcdVariables(settings, machine, profile, sources))
        .Set("secrets", secrets ?? new SecretVariables(settings.Secrets, machine.Serial, sources));

    private IEnumerable<TemplateVariables> ExtraAddresses(Machine machine) =>
        from nic in settings.ExtraNics
        where machine.AdditionalAddresses.ContainsKey(nic.Name)
        select new TemplateVariables()
            .Set("nic", nic.Name)
            .Set("address", machine.AdditionalAddresses[nic.Name].ToString())
            .Set("prefix_length", nic.Subnet.PrefixLength);

    // A record may have been edited by hand.
    private static string NameOf(Machine machine) => (machine.Overrides.GetValueOrDefault(Hostname.Override) ?? machine.Hostname ?? Hostname.FromSerial(machine.Serial)) is var name && Hostname.IsName(name)
        ? name
        : throw new TemplateException("variable machine.hostname", $"what the record of machine {machine.Serial} has is not a host name: set another one, or remove the override {Hostname.Override}");

    // A machine's own override stands before the variable of all, and has its type.
    private TemplateVariables OperatorVariables(Machine machine)
    {
        var values = TemplateVariables.From(settings.Variables);
        foreach (var (name, value) in machine.Overrides)
        {
            values.SetOverride(name, settings.Variables[name], value, machine.Serial);
        }

        return values;
    }
}

/// <summary>A rendered provisioning config.</summary>
/// <param name="Text">The config itself. It may carry secrets: it goes to its machine and nowhere else.</param>
/// <param name="FileName">What it is called beside the image, such as <c>config.ign</c>.</param>
/// <param name="ContentType">Its media type.</param>
public sealed record ProvisioningConfig(string Text, string FileName, string ContentType)
{
    /// <inheritdoc/>
    public override string ToString() => FileName;
}
