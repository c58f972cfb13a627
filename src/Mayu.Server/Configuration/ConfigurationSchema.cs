using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Profiles;

namespace Mayu.Server.Configuration;

/// <summary>
/// The one place that knows the configuration's keys, with their documentation and defaults. It yields a configuration only
/// when nothing at all is wrong.
/// </summary>
internal static class ConfigurationSchema
{
    public const string DefaultFile = "/etc/mayu/config.yaml";

    private const string DefaultDataDirectory = "/var/lib/mayu";

    /// <summary>Asks for every key. The problems are in <paramref name="reader"/>; null when there are any.</summary>
    public static MayuConfiguration? Bind(ConfigurationReader reader) =>
        // Of a file that cannot be read at all every key would be missing: that it cannot be read says it all.
        reader.Problems.Count > 0 ? null : BindKeys(reader);

    private static MayuConfiguration? BindKeys(ConfigurationReader reader)
    {
        var root = reader.Root;
        var (network, internalRange, nic) = BindNetwork(root.Section("network"));
        var dataDirectory = root.Optional("data_dir", "folder", "Where everything lives that Mayu keeps: cluster, images, keys.",
            Parse.Text, DefaultDataDirectory, DefaultDataDirectory);
        var clusterDirectory = root.Optional<string?>("cluster_dir", "folder", "The cluster directory: a git repository with a record for each machine.",
            Parse.Text, null, "`data_dir`/cluster") ?? Path.Combine(dataDirectory, "cluster");
        var imagesDirectory = root.Optional<string?>("images_dir", "folder", "The images, a folder for each: `<image>/vmlinuz`, `initrd.cpio.gz`, `install_image.bin.gz`, `image.json`.",
            Parse.Text, null, "`data_dir`/images") ?? Path.Combine(dataDirectory, "images");
        var templates = root.Optional<string?>("templates_dir", "folder", "Your own templates; one that is not there is taken from inside the program.", Parse.Text, null, "built in");
        var snippets = root.Optional<string?>("template_snippets_dir", "folder", "Your own snippets, which templates include.", Parse.Text, null, "built in");
        var tftpRoot = root.Optional<string?>("tftp_root", "folder", "Files served by TFTP, before the iPXE binaries of Debian's package.", Parse.Text, null, "none");
        var helper = root.Optional<string?>("hostinfo_helper", "file", "The infopusher binary that machines may download from `/hostinfo-helper`.", Parse.Text, null, "none");
        var discovery = root.Optional("discovery_image", "name", "The image that unknown and installing machines boot.", Parse.Name, "discovery", "discovery");
        var arguments = root.List<string>("kernel_arguments", "text", "More words for the discovery system's kernel line, such as `console=ttyS0,115200`.", KernelArgument);
        var boot = root.Section("boot");
        var bootPort = boot.Optional("port", "port", "Plain HTTP for machines: scripts, configs, images, callbacks.", Parse.Port, 4081, "4081");
        boot.Close();
        var (apiAddress, apiPort, certificate, key) = BindApi(root.Section("api"));
        var profiles = BindProfiles(root);
        var variables = root.FreeMap("vars", "Variables for templates, printed as `vars.NAME`; a machine's override stands before them.");
        root.Close();
        reader.CheckFlags();

        CheckServerAddress(root, network, internalRange, bootPort, apiPort);
        if (reader.Problems.Count > 0 || network is null || internalRange is null)
        {
            return null;
        }

        return new MayuConfiguration
        {
            Interface = nic!,
            Network = network,
            Cluster = new ClusterPlan
            {
                Profiles = profiles,
                InternalRange = internalRange,
                TakenAddresses = [network.ServerAddress, .. network.Dns, .. network.Ntp, .. network.Router is { } router ? new[] { router } : []],
            },
            Variables = variables,
            ClusterDirectory = Path.GetFullPath(clusterDirectory),
            ImagesDirectory = Path.GetFullPath(imagesDirectory),
            KeysDirectory = Path.Combine(Path.GetFullPath(dataDirectory), "keys"),
            TemplatesDirectory = templates,
            SnippetsDirectory = snippets,
            TftpRoot = tftpRoot,
            HostinfoHelper = helper,
            DiscoveryImage = discovery,
            KernelArguments = [.. arguments],
            BootPort = bootPort,
            ApiPort = apiPort,
            ApiAddress = apiAddress,
            TlsCertificate = certificate,
            TlsKey = key,
        };
    }

    private static (NetworkPlan? Network, Ipv4Range? InternalRange, string? Interface) BindNetwork(ConfigurationSection section)
    {
        var nic = section.Required<string>("interface", "interface name", "The interface that DHCP and TFTP answer on, and no other.", InterfaceName);
        var address = section.Required<Ipv4>("address", "address", "This server's address on it.", Parse.Address);
        var subnet = section.Required<Ipv4Subnet>("subnet", "subnet", "The subnet of the machines.", Parse.Subnet);
        var bootstrap = BindRange(section.Section("bootstrap_range"), "of the addresses that machines have while they bootstrap", subnet);
        var internalRange = BindRange(section.Section("internal_range"), "of the addresses that machines get for good", subnet);
        var router = section.Optional<Ipv4?>("router", "address", "The default router.", NullableAddress, null, "none");
        var dns = section.List<Ipv4>("dns", "address", "Name servers.", Parse.Address);
        var ntp = section.List<Ipv4>("ntp", "address", "Time servers.", Parse.Address);
        var domain = section.Optional<string?>("domain", "domain", "The DNS domain.", Parse.Name!, null, "none");
        var lease = section.Optional("lease_time", "time", "How long an address is leased, 2m to 24h.", Parse.LeaseTime, TimeSpan.FromHours(1), "1h");
        section.Close();
        if (bootstrap is not null && internalRange is not null && bootstrap.Overlaps(internalRange))
        {
            section.Problem("internal_range", $"{internalRange} overlaps bootstrap_range {bootstrap}");
        }

        if (subnet is null || bootstrap is null || internalRange is null)
        {
            return (null, internalRange, nic);
        }

        var network = new NetworkPlan
        {
            Subnet = subnet,
            ServerAddress = address,
            BootstrapRange = bootstrap,
            Router = router,
            Dns = [.. dns],
            Ntp = [.. ntp],
            Domain = domain,
            LeaseTime = lease,
        };
        return (network, internalRange, nic);
    }

    private static Ipv4Range? BindRange(ConfigurationSection section, string what, Ipv4Subnet? subnet)
    {
        var before = section.ProblemCount;
        var start = section.Required<Ipv4>("start", "address", $"First {what}.", Parse.Address);
        var end = section.Required<Ipv4>("end", "address", $"Last {what}.", Parse.Address);
        section.Close();
        if (section.ProblemCount > before)
        {
            return null;
        }

        if (end < start)
        {
            section.Problem("end", $"{end} is below the start {start}");
            return null;
        }

        foreach (var (key, address) in new[] { ("start", start), ("end", end) })
        {
            if (subnet is not null && (!subnet.Contains(address) || address == subnet.Network || address == subnet.Broadcast))
            {
                section.Problem(key, $"{address} is no host address of network.subnet {subnet}");
            }
        }

        return new Ipv4Range(start, end);
    }

    private static (Ipv4 Address, int Port, string? Certificate, string? Key) BindApi(ConfigurationSection section)
    {
        var address = section.Optional("address", "address", "The address the API listens on.", Parse.Address, default(Ipv4), "0.0.0.0");
        var port = section.Optional("port", "port", "TLS for operators, `mayuctl` and monitoring.", Parse.Port, 4080, "4080");
        var certificate = section.Optional<string?>("tls_certificate", "file", "Certificate chain, PEM. Without it Mayu makes a CA and a certificate of its own.", Parse.Text, null, "self-made");
        var key = section.Optional<string?>("tls_key", "file", "Its private key, PEM.", Parse.Text, null, "self-made");
        section.Close();
        if (certificate is null != key is null)
        {
            section.Problem(certificate is null ? "tls_key" : "tls_certificate", "tls_certificate and tls_key go together");
        }

        return (address, port, certificate, key);
    }

    private static ImmutableArray<Profile> BindProfiles(ConfigurationSection root)
    {
        var defaults = root.Section("defaults");
        var fallback = BindProfileBody(defaults, new Profile { Name = Profile.DefaultName, Image = "", Template = "" }, "`default`");
        defaults.Close();
        var profiles = root.Sections("profiles", section =>
        {
            var name = section.Required<string>("name", "name", "The profile's name. Machines take the first with a free slot; `default` takes the rest.", Parse.Name);
            var quantity = section.Optional("quantity", "number", "How many machines may take it. `default` has no limit.", Parse.Count, 0, "0");
            return BindProfileBody(section, fallback with { Name = name ?? "", Quantity = quantity }, "`defaults`");
        });
        foreach (var twice in profiles.GroupBy(profile => profile.Name).Where(group => group.Count() > 1))
        {
            root.Problem("profiles", $"there are {twice.Count()} profiles with the name \"{twice.Key}\"");
        }

        var all = profiles.Any(profile => profile.IsDefault) ? profiles : profiles.Append(fallback);
        foreach (var profile in all.Where(profile => profile.Image.Length == 0 && profile.Name.Length > 0))
        {
            root.Problem("profiles", $"profile \"{profile.Name}\" has no image; set its `image`, or `defaults.image` for all");
        }

        return [.. all];
    }

    private static Profile BindProfileBody(ConfigurationSection section, Profile fallback, string inherits)
    {
        var tags = section.List<string>("tags", "tag", "Tags of its machines, `key=value`.", Parse.Tag);
        var image = section.Optional("image", "name", "The image its machines install.", Parse.Name, fallback.Image, fallback.Image.Length == 0 && inherits == "`default`" ? "none" : inherits);
        var provisioning = section.Optional("provisioning", "`ignition` or `cloud-config`", "The language of its provisioning config.",
            Parse.OneOf(("ignition", ProvisioningKind.Ignition), ("cloud-config", ProvisioningKind.CloudConfig)), fallback.Provisioning, "ignition");
        var template = section.Optional<string?>("template", "name", "The template of its provisioning config, without folder and ending.", Parse.Name, null, "`default`; `last_stage` for cloud-config");
        var disk = section.Optional("install_disk", "device", "The whole disk to install on. Without it: the only disk that fits; a machine with several is refused, not guessed at.",
            Parse.WholeDisk!, fallback.InstallDisk, "the only one");
        var localBoot = section.Optional("localboot", "`silent` or `script`", "How a machine that has an OS is left to its own disk: DHCP stays silent, or a boot script starts the disk.",
            Parse.OneOf(("silent", LocalBoot.Silent), ("script", LocalBoot.Script)), fallback.LocalBoot, "silent");
        return fallback with
        {
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

    private static void CheckServerAddress(ConfigurationSection root, NetworkPlan? network, Ipv4Range? internalRange, int bootPort, int apiPort)
    {
        if (bootPort == apiPort)
        {
            root.Problem("boot", $"boot.port and api.port are both {bootPort}");
        }

        if (network is null || internalRange is null)
        {
            return;
        }

        if (!network.Subnet.Contains(network.ServerAddress))
        {
            root.Problem("network", $"address {network.ServerAddress} is not in subnet {network.Subnet}");
        }

        if (network.BootstrapRange.Contains(network.ServerAddress))
        {
            root.Problem("network", $"address {network.ServerAddress} is inside bootstrap_range {network.BootstrapRange}");
        }
    }

    private static bool NullableAddress(string text, out Ipv4? value, out string problem)
    {
        var parsed = Parse.Address(text, out var address, out problem);
        value = parsed ? address : null;
        return parsed;
    }

    private static bool InterfaceName(string text, out string value, out string problem)
    {
        value = text;
        problem = "is no interface name (1 to 15 characters, no slash, no space)";
        return text.Length is > 0 and <= 15 && text is not ("." or "..") && !text.Any(c => c is '/' or ':' || char.IsWhiteSpace(c) || char.IsControl(c));
    }

    private static bool KernelArgument(string text, out string value, out string problem)
    {
        value = text;
        problem = "is no word of a kernel line (printable, no spaces, no ${)";
        return text.Length is > 0 and <= 256 && text.All(c => c is > ' ' and < '\u007f') && !text.Contains("${", StringComparison.Ordinal);
    }
}
