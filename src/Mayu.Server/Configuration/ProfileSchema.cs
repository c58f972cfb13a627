using System.Collections.Immutable;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Server.Configuration;

/// <summary>The keys of <c>defaults</c> and <c>profiles</c>.</summary>
internal static class ProfileSchema
{
    /// <summary>Asks for every key of the profiles.</summary>
    public static ImmutableArray<Profile> Bind(ConfigurationSection root)
    {
        var defaults = root.Section("defaults");
        var fallback = BindBody(defaults, new Profile { Name = Profile.DefaultName, Image = "", Template = "" }, "`default`");
        defaults.Close();
        var profiles = root.Sections("profiles", section =>
        {
            var name = section.Required<string>("name", "name", "The profile's name. Machines take the first with a free slot; `default` takes the rest.", Parse.Name);
            var quantity = section.Optional("quantity", "number", "How many machines may take it. `default` has no limit.", Parse.Count, 0, "0");
            var profile = BindBody(section, fallback with { Name = name ?? "", Quantity = quantity }, "`defaults`");
            var requires = section.Section("requires");
            var requirements = BindRequirements(requires);
            if (profile.IsDefault && requirements != ProfileRequirements.None)
            {
                section.Problem("requires", "the profile \"default\" takes every machine that no other takes: it cannot require anything");
            }

            return profile with { Requires = requirements };
        });
        root.Repeated("profiles", profiles, profile => profile.Name, (name, count) => $"there are {count} profiles with the name \"{name}\"");
        var all = profiles.Any(profile => profile.IsDefault) ? profiles : profiles.Append(fallback);
        foreach (var profile in all.Where(profile => profile.Image.Length == 0 && profile.Name.Length > 0))
        {
            root.Problem("profiles", $"profile \"{profile.Name}\" has no image; set its `image`, or `defaults.image` for all");
        }

        return [.. all];
    }

    private static Profile BindBody(ConfigurationSection section, Profile fallback, string inherits)
    {
        var tags = section.List<string>("tags", "tag", "Tags of its machines, `key=value`.", Parse.Tag);
        var image = section.Optional("image", "name", "The image its machines install.", Parse.Name, fallback.Image, fallback.Image.Length == 0 && inherits == "`default`" ? "none" : inherits);
        var provisioning = section.Optional("provisioning", "`ignition` or `cloud-config`", "The language of its provisioning config.",
            Parse.OneOf(("ignition", ProvisioningKind.Ignition), ("cloud-config", ProvisioningKind.CloudConfig)), fallback.Provisioning, "ignition");
        var template = section.Optional<string?>("template", "name", "The template of its provisioning config, without folder and ending.", Parse.Name!, null, "`default`; `last_stage` for cloud-config");
        var disk = section.Optional("install_disk", "device", "The whole disk to install on. Without it: the only disk that fits; a machine with several is refused, not guessed at.",
            Parse.WholeDisk!, fallback.InstallDisk, "the only one");
        var localBoot = section.Optional("localboot", "`silent` or `script`", "How a machine that has an OS is left to its own disk: DHCP stays silent, or a boot script starts the disk.",
            Parse.OneOf(("silent", LocalBoot.Silent), ("script", LocalBoot.Script)), fallback.LocalBoot, "silent");
        var mode = section.Optional("mode", "`install` or `live`", "Where its machines' system lives: an image is installed on the disk, or kernel and initrd of the image are the system, fetched at every boot.",
            Parse.OneOf(("install", ProfileMode.Install), ("live", ProfileMode.Live)), fallback.Mode, "install");
        return fallback with
        {
            Mode = mode,
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
            MemoryBytes = section.Optional<long?>("memory", "size", "The least main memory of a machine that takes it. Firmware keeps some: ask for a little less than what was bought.", Parse.Size, null, "any"),
            DiskBytes = section.Optional<long?>("disk", "size", "The least size of its largest disk that is neither removable nor read-only.", Parse.Size, null, "any"),
            CpuThreads = section.Optional<int?>("cpu_threads", "number", "The fewest hardware threads.", Parse.Least, null, "any"),
            Nics = section.Optional<int?>("nics", "number", "The fewest network interfaces.", Parse.Least, null, "any"),
            NicSpeedMbps = section.Optional<int?>("nic_speed", "Mbit/s", "The least speed of so many interfaces (`nics`, or one). A link that is down tells no speed.", Parse.Least, null, "any"),
            Vendor = section.Optional<string?>("vendor", "pattern", "The DMI system vendor, such as `Dell*`; case does not count.", Parse.Text!, null, "any"),
            Product = section.Optional<string?>("product", "pattern", "The DMI product name, such as `*R640*`.", Parse.Text!, null, "any"),
        };
        section.Close();
        return requirements;
    }
}
