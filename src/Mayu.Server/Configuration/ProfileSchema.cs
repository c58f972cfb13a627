using System.Collections.Immutable;
using Mayu.Core.Ignition;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Server.Configuration;

/// <summary>The keys of <c>defaults</c> and <c>profiles</c>.</summary>
internal static class ProfileSchema
{
    /// <summary>The values of <c>token_delivery</c>, as the reference names them.</summary>
    public const string TokenDeliveryKind = "`initrd`, `pointer` or `kernel-line`";

    /// <summary>Reads one.</summary>
    public static readonly ConfigurationSection.Parser<TokenDelivery> ParseTokenDelivery =
        Parse.OneOf(("initrd", TokenDelivery.Initrd), ("pointer", TokenDelivery.PointerConfig), ("kernel-line", TokenDelivery.KernelLine));

    /// <summary>Asks for every key of the profiles.</summary>
    /// <param name="root">The whole.</param>
    /// <param name="delivery">Where a live system finds its config, as <c>boot.token_delivery</c> says.</param>
    public static ImmutableArray<Profile> Bind(ConfigurationSection root, TokenDelivery delivery)
    {
        var defaults = root.Section("defaults");
        var fallback = BindBody(defaults, new Profile { Name = Profile.DefaultName, Image = "", Template = "", TokenDelivery = delivery }, "`default`");
        defaults.Close();
        var profiles = root.Sections("profiles", section =>
        {
            var name = section.Required<string>("name", "name", "The profile's name. A machine takes the first profile that has a free slot and whose requirements it meets, else `default`.", Parse.Name);
            var quantity = section.Optional("quantity", "number", "How many machines may take it. `default` has no limit.", Parse.Count, 0, "0");
            var profile = BindBody(section, fallback with { Name = name ?? "", Quantity = quantity }, "`defaults`");
            var requires = section.Section("requires");
            var requirements = BindRequirements(requires);
            if (profile.IsDefault && requirements != ProfileRequirements.None)
            {
                section.Problem("requires", "the profile \"default\" is for all remaining machines: it cannot have requirements");
            }

            return profile with { Requires = requirements };
        });
        root.Repeated("profiles", profiles, profile => profile.Name, (name, count) => $"there are {count} profiles with the name \"{name}\"");
        Profile[] all = [.. profiles, .. profiles.Any(profile => profile.IsDefault) ? [] : (Profile[])[fallback]];
        if (all.Where(profile => profile.Image.Length == 0 && profile.Name.Length > 0).Select(profile => $"\"{profile.Name}\"").Distinct().ToList() is { Count: > 0 } without)
        {
            root.Problem("profiles", without is [var one]
                ? $"profile {one} has no image; set its `image`, or `defaults.image` for all"
                : $"profiles {string.Join(", ", without)} have no image; set `defaults.image`, or the `image` of each");
        }

        return [.. all];
    }

    private static Profile BindBody(ConfigurationSection section, Profile fallback, string inherits)
    {
        var tags = section.List<string>("tags", "tag", "Tags of its machines, `key=value`.", Parse.Tag);
        var image = section.Optional("image", "name", "The image its machines install.", Parse.Name, fallback.Image, fallback.Image.Length == 0 && inherits == "`default`" ? "none" : inherits);
        var provisioning = section.Optional("provisioning", "`ignition`, `cloud-config`, `cloud-init` or `generic`", "The format of its provisioning config.",
            Parse.OneOf(("ignition", ProvisioningKind.Ignition), ("cloud-config", ProvisioningKind.CloudConfig), ("cloud-init", ProvisioningKind.CloudInit), ("generic", ProvisioningKind.Generic)), fallback.Provisioning, "ignition");
        var template = section.Optional<string?>("template", "name", "The template of its provisioning config, without folder; without extension too, except with `provisioning: generic`.", Parse.Name!, null, "`default`; `last_stage` for cloud-config");
        var disk = section.Optional("install_disk", "device", "The whole disk to install on. Default: the only disk that fits. If several disks fit, Mayu refuses to install: it does not guess.",
            Parse.WholeDisk!, fallback.InstallDisk, "the only one");
        var localBoot = section.Optional("localboot", "`script` or `silent`", "How a machine that has an OS boots its own disk. `script`: a boot script starts the disk. `silent`: DHCP does not answer its firmware, which goes on to the disk when it gives up.",
            Parse.OneOf(("script", LocalBoot.Script), ("silent", LocalBoot.Silent)), fallback.LocalBoot, "script");
        var mode = section.Optional("mode", "`install` or `live`", "`install`: the image is installed on the disk. `live`: kernel and initrd of the image are the system; the machine fetches them at every boot.",
            Parse.OneOf(("install", ProfileMode.Install), ("live", ProfileMode.Live)), fallback.Mode, "install");
        var delivery = section.Optional("token_delivery", TokenDeliveryKind, "How a live system of this profile gets its config; see `boot.token_delivery`.",
            ParseTokenDelivery, fallback.TokenDelivery, "`boot.token_delivery`");
        var ignition = section.Optional<string?>("ignition_version", "version", "The newest Ignition specification that its machines read, such as `3.3.0`: configs of a newer one are translated, or refused if they use what it does not have.",
            Parse.Checked("is not an Ignition specification that Mayu writes: " + IgnitionSpec.SupportedText, text => IgnitionSpec.TryParse(text, out var spec) && spec.IsSupported)!, fallback.IgnitionVersion, "as the config says, or as the machine asks");
        var etcdToken = section.Optional<string?>("etcd_token", "token", "The etcd discovery token of its machines, 32 hexadecimal digits, for an etcd cluster of their own.",
            EtcdDiscoverySchema.Token!, fallback.EtcdToken, "`etcd_discovery.token`");
        if (provisioning == ProvisioningKind.Generic && template is null && InheritedTemplate(fallback, provisioning) == "default")
        {
            section.Problem("template", "provisioning: generic has no built-in template: name one of the folder generic below templates_dir");
        }

        if (provisioning != ProvisioningKind.Generic && Path.GetExtension(template) is ".yaml" or ".yml" && template is not null)
        {
            section.Problem("template", $"a template is named without its ending: write {Path.ChangeExtension(template, null)}");
        }

        return fallback with
        {
            IgnitionVersion = ignition,
            EtcdToken = etcdToken,
            Mode = mode,
            TokenDelivery = delivery,
            Tags = tags.Count > 0 ? [.. tags] : fallback.Tags,
            Image = image,
            Provisioning = provisioning,
            Template = template ?? InheritedTemplate(fallback, provisioning),
            InstallDisk = disk,
            LocalBoot = localBoot,
        };
    }

    private static string InheritedTemplate(Profile fallback, ProvisioningKind provisioning) =>
        fallback.Template.Length > 0 && fallback.Provisioning == provisioning ? fallback.Template
        : provisioning == ProvisioningKind.CloudConfig ? "last_stage" : "default";

    private static ProfileRequirements BindRequirements(ConfigurationSection section)
    {
        var requirements = new ProfileRequirements
        {
            MemoryBytes = section.Optional<long?>("memory", "size", "The least main memory. Firmware reserves some: require a little less than is installed.", Parse.Size, null, "any"),
            DiskBytes = section.Optional<long?>("disk", "size", "The least size of the largest disk that is neither removable nor read-only.", Parse.Size, null, "any"),
            CpuThreads = section.Optional<int?>("cpu_threads", "number", "The least number of hardware threads.", Parse.Least, null, "any"),
            Nics = section.Optional<int?>("nics", "number", "The least number of network interfaces.", Parse.Least, null, "any"),
            NicSpeedMbps = section.Optional<int?>("nic_speed", "Mbit/s", "The least speed of that many interfaces (`nics`; one if `nics` is not set). A link that is down reports no speed.", Parse.Least, null, "any"),
            Vendor = section.Optional<string?>("vendor", "pattern", "The DMI system vendor, such as `Dell*`. Upper and lower case do not matter.", Parse.Text!, null, "any"),
            Product = section.Optional<string?>("product", "pattern", "The DMI product name, such as `*R640*`. Upper and lower case do not matter.", Parse.Text!, null, "any"),
        };
        section.Close();
        return requirements;
    }
}
