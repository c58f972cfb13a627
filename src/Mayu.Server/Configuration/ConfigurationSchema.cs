using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Identity;
using Mayu.Core.Profiles;
using Mayu.Core.Yaml;
using Mayu.Linux.Files;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Syslog;
using Mayu.Primitives;

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
        var (root, engine) = (reader.Root, EngineSchema.Bind(reader.Root));
        var (network, pools, nic, subnets, dhcp) = BindWire(root, engine);
        var dataDirectory = root.Optional("data_dir", "folder", "The folder for everything that Mayu keeps: cluster, images, keys.", Parse.Text, DefaultDataDirectory, DefaultDataDirectory);
        var (clusterDirectory, (git, push)) = (BindClusterDirectory(root, dataDirectory), BindGit(root.Section("git")));
        var (imagesDirectory, (templates, snippets, files, assets), (tftpRoot, tftp), helper) = (BindImagesDirectory(root, dataDirectory), BindTemplates(root), TftpSchema.Bind(root), BindHelper(root));
        var (pxe, dnsmasq) = BindLoaders(root, engine, dhcp, subnets, dataDirectory);
        var (discovery, arguments) = (root.Optional("discovery_image", "name", "The image that unknown and installing machines boot.", Parse.Name, "discovery", "discovery"), KernelArguments.Bind(root));
        var ((bootPort, bootConnections, tokens), (apiAddress, apiPort, apiConnections, usesTls, certificate, key)) = (BindBoot(root.Section("boot")), BindApi(root.Section("api")));
        var (access, drain, identity, profiles) = (AuthSchema.Bind(root.Section("auth"), usesTls), BindDrain(root), BindIdentity(root), ProfileSchema.Bind(root, tokens.Delivery));
        var (variables, secrets, etcd, syslog) = (BindVariables(root), SecretSchema.Bind(root), EtcdDiscoverySchema.Bind(root.Section("etcd_discovery")), BindSyslog(root.Section("syslog")));
        var webhooks = WebhookSchema.Bind(root, secrets);
        CheckWhole(reader, engine, network, pools?.Internal, bootPort, apiPort);
        return reader.Problems.Count > 0 || network is null || pools is null ? null : new MayuConfiguration
        {
            Netboot = new NetbootSettings
            {
                Engine = engine,
                Interface = nic,
                Network = network,
                Subnets = subnets,
                Dhcp = dhcp,
                Pxe = pxe,
                Tftp = tftp,
                Syslog = syslog,
                TftpRoot = tftpRoot,
                Dnsmasq = dnsmasq,
                LeasesDirectory = Path.Combine(Path.GetFullPath(dataDirectory), "dhcp"),
                BootPort = bootPort,
            },
            Identity = identity,
            Cluster = PlanOf(profiles, network, pools),
            ProbesAddresses = pools.Probe,
            Variables = variables,
            Secrets = secrets,
            Webhooks = webhooks,
            EtcdDiscovery = etcd,
            ClusterDirectory = Path.GetFullPath(clusterDirectory),
            KeepsHistory = git,
            PushRemote = push,
            DrainTimeout = drain,
            ImagesDirectory = Path.GetFullPath(imagesDirectory),
            DataDirectory = Path.GetFullPath(dataDirectory),
            TemplatesDirectory = templates,
            SnippetsDirectory = snippets,
            FilesDirectory = files,
            AssetsDirectory = assets,
            HostinfoHelper = helper,
            DiscoveryImage = discovery,
            KernelArguments = arguments,
            Tokens = tokens,
            BootConnectionsPerClient = bootConnections,
            ApiPort = apiPort,
            ApiConnectionsPerClient = apiConnections,
            ApiAddress = apiAddress,
            ApiUsesTls = usesTls,
            Access = access,
            TlsCertificate = certificate,
            TlsKey = key,
        };
    }

    private static (NetworkPlan? Network, AddressPools? Pools, string? Interface, ImmutableArray<BootSubnet> Subnets, DhcpSettings Dhcp) BindWire(
        ConfigurationSection root, EngineKind engine)
    {
        var (section, dhcp) = (root.Section("network"), root.Section("dhcp"));
        var mode = DhcpSchema.BindMode(dhcp);
        var (network, pools, nic, subnets) = NetworkSchema.Bind(section, engine, mode);
        var bound = DhcpSchema.Bind(dhcp, mode, network, subnets, pools, DhcpSchema.WhyNoOptions(engine, mode));
        if (engine == EngineKind.Dnsmasq)
        {
            DnsmasqLimits.CheckNetwork(section, mode, network, subnets);
            DnsmasqLimits.CheckDhcp(dhcp, bound, subnets);
        }

        return (network, pools, nic, subnets, bound);
    }

    private static (PxeSettings Pxe, DnsmasqSettings Dnsmasq) BindLoaders(
        ConfigurationSection root, EngineKind engine, DhcpSettings dhcp, ImmutableArray<BootSubnet> subnets, string dataDirectory)
    {
        var pxe = PxeSchema.Bind(root.Section("pxe"));
        DhcpOptionSchema.CheckPxelinux(root.Section("dhcp"), dhcp.Options.Concat(subnets.SelectMany(subnet => subnet.Options)), pxe);
        return (pxe, EngineSchema.BindDnsmasq(root, engine, pxe, dhcp.Mode, dataDirectory));
    }

    private static string BindClusterDirectory(ConfigurationSection root, string dataDirectory) => root.Optional<string?>(
        "cluster_dir", "folder", "The cluster directory: a git repository with one record per machine.", Parse.Text!, null, "`data_dir`/cluster", Path.Combine(dataDirectory, "cluster"))
        ?? Path.Combine(dataDirectory, "cluster");

    private static YamlMap BindVariables(ConfigurationSection root) =>
        root.FreeMap("vars", "Variables for templates, which print them as `vars.NAME`. A machine's override takes precedence.");

    private static string BindImagesDirectory(ConfigurationSection root, string dataDirectory) => root.Optional<string?>(
        "images_dir", "folder", "The images, one folder per image: `<image>/vmlinuz`, `initrd.cpio.gz`, `install_image.bin.gz`, `image.json`.", Parse.Text!, null, "`data_dir`/images", Path.Combine(dataDirectory, "images"))
        ?? Path.Combine(dataDirectory, "images");

    private static TimeSpan BindDrain(ConfigurationSection root) => root.Optional(
        "drain_timeout", "time", "How long running downloads may continue after the server is told to stop, 0s to 10m. A second signal ends them at once.", Parse.Time("0s", "10m"), TimeSpan.FromSeconds(30), "30s");

    private static ClusterPlan PlanOf(ImmutableArray<Profile> profiles, NetworkPlan network, AddressPools pools) => new()
    {
        Profiles = profiles,
        InternalRange = pools.Internal,
        ExtraNics = pools.Extra,
        ExcludedRanges = pools.Excluded,
        TakenAddresses = [network.ServerAddress, .. network.Dns, .. network.Ntp, .. network.Router is { } router ? new[] { router } : []],
    };

    private static (bool Enabled, string? Push) BindGit(ConfigurationSection section)
    {
        var enabled = section.Optional("enabled", "`true` or `false`", "Whether the cluster directory is a git repository. If `false`, records are just as durable, but there is no history.", Parse.Flag, true, "true");
        var push = section.Optional<string?>("push", "URL or remote", "The remote that Mayu pushes each commit to, a moment later. A remote that cannot be reached blocks nothing.", Parse.Text!, null, "none");
        section.Close();
        if (push is not null && !enabled)
        {
            section.Problem("push", "pushing requires git (git.enabled)");
        }

        if (push is not null && push.StartsWith('-'))
        {
            section.Problem("push", $"\"{push}\" is not a remote");
        }

        return (enabled, push);
    }

    private static (string? Templates, string? Snippets, string? Files, string? Assets) BindTemplates(ConfigurationSection root)
    {
        var (templates, snippets, files, assets) = (
            root.Optional<string?>("templates_dir", "folder", "The folder of your own templates. A template that it does not have is taken from the program.", Parse.Text!, null, "built in"),
            root.Optional<string?>("template_snippets_dir", "folder", "The folder of your own snippets, which templates include. A snippet that it does not have is taken from the program.", Parse.Text!, null, "built in"),
            root.Optional<string?>("files_dir", "folder", "The folder of the files that templates embed with `file` and `render_file`.", Parse.Text!, null, "none"),
            root.Optional<string?>("assets_dir", "folder", "The folder of files that **every host on the boot networks** can download: `/fileserver/NAME` on the boot port, and `/yochu/NAME` for those in its folder `yochu`.", Parse.Text!, null, "none"));
        return (Folder("templates_dir", templates), Folder("template_snippets_dir", snippets), Folder("files_dir", files), Folder("assets_dir", assets));

        // The built-in files are not taken in the place of a folder that is named and is not there.
        string? Folder(string key, string? given)
        {
            if (given is null)
            {
                return null;
            }

            var folder = Path.GetFullPath(given);
            var seen = Path.IsPathFullyQualified(given) ? "" : $" (\"{given}\" as seen from the working directory; an absolute path is the same everywhere)";
            if (ClosedPath.Advise(folder) is { } closed)
            {
                root.Problem(key, closed);
            }
            else if (!Directory.Exists(folder))
            {
                root.Problem(key, File.Exists(folder)
                    ? $"{folder} is a file{seen}; it must be a folder"
                    : $"there is no folder {folder}{seen}; create it, or leave {key} out{(key is "files_dir" or "assets_dir" ? "" : " for the built-in files")}");
            }

            return folder;
        }
    }

    private static string? BindHelper(ConfigurationSection root)
    {
        var helper = root.Optional<string?>("hostinfo_helper", "file", "The infopusher binary that machines can download from `/hostinfo-helper`.", Parse.Text!, null, "none");
        if (helper is not null && ClosedPath.Advise(helper) is { } closed)
        {
            root.Problem("hostinfo_helper", closed);
        }
        else if (helper is not null && !File.Exists(helper))
        {
            root.Problem("hostinfo_helper", Directory.Exists(helper) ? $"{helper} is a folder; it must be the program infopusher"
                : $"there is no file {helper}; put the program infopusher there, or leave hostinfo_helper out if the discovery image contains it");
        }

        return helper;
    }

    private static (int Port, int ConnectionsPerClient, TokenSettings Tokens) BindBoot(ConfigurationSection section)
    {
        var port = section.Optional("port", "port", "The port for machines, plain HTTP: scripts, configs, images, callbacks.", Parse.Port, 4081, "4081");
        var connections = section.Optional("max_connections_per_client", "number",
            "Most connections at once from one address, 1 to 4096 (4096 in total). Raise it if machines share one address behind NAT or a proxy.", Parse.Number(1, 4096), 256, "256");
        var required = section.Optional("tokens", "`required` or `optional`",
            "Whether a machine needs the boot token of its boot script to get its config and to report. `optional` is for discovery systems of your own that do not send it.",
            Parse.OneOf(("required", true), ("optional", false)), true, "required");
        var lifetime = section.Optional("token_lifetime", "time", "How long after its boot script a machine can fetch its config, 2m to 24h.", Parse.LeaseTime, TimeSpan.FromHours(1), "1h");
        var delivery = section.Optional("token_delivery", ProfileSchema.TokenDeliveryKind,
            "How the boot token reaches the discovery system, and its config a live system. `initrd`: in a small initrd that Mayu makes for each boot. `pointer`: the same, but a live system finds there only where to fetch its config. `kernel-line`: on the kernel command line, which every process can read.",
            ProfileSchema.ParseTokenDelivery, TokenDelivery.Initrd, "initrd");
        section.Close();
        return (port, connections, new TokenSettings(required, lifetime, delivery));
    }

    private static SyslogSettings BindSyslog(ConfigurationSection section)
    {
        var settings = new SyslogSettings
        {
            IsEnabled = section.Optional("enabled", "`true` or `false`", "Whether Mayu receives syslog over UDP, on its addresses in the boot networks. What a machine sends is in its boot trace.", Parse.Flag, false, "false"),
            Port = section.Optional("port", "port", "The port for syslog, UDP.", Parse.Port, SyslogSettings.DefaultPort, "514"),
            LinesPerSecond = section.Optional("max_lines_per_second", "number",
                $"Most lines per second of one machine, 1 to {SyslogSettings.MaxLines}; ten times as many at once. What is beyond is dropped and counted.",
                Parse.Number(1, SyslogSettings.MaxLines), SyslogSettings.DefaultLines, "20"),
        };
        section.Close();
        return settings;
    }

    private static (Ipv4 Address, int Port, int ConnectionsPerClient, bool UsesTls, string? Certificate, string? Key) BindApi(ConfigurationSection section)
    {
        var address = section.Optional("address", "address", "The address that the API listens on.", Parse.Address, default(Ipv4), "0.0.0.0");
        var port = section.Optional("port", "port", "The port for operators, `mayuctl` and monitoring, TLS.", Parse.Port, 4080, "4080");
        var connections = section.Optional("max_connections_per_client", "number",
            "Most connections at once from one address, 1 to 1024 (1024 in total). Raise it if operators, or readers of events, share one address behind NAT or a proxy.", Parse.Number(1, 1024), 128, "128");
        var usesTls = section.Optional("tls", "`true` or `false`",
            "Whether the API uses TLS. If `false`, it is plain HTTP: tokens, overrides and facts cross the network unencrypted, and Mayu warns at each start.", Parse.Flag, true, "true");
        var certificate = section.Optional<string?>("tls_certificate", "file", "The API's certificate chain, PEM. By default Mayu creates its own CA and certificate.", Parse.Text!, null, "created by Mayu");
        var key = section.Optional<string?>("tls_key", "file", "The private key of that certificate, PEM.", Parse.Text!, null, "created by Mayu");
        section.Close();
        if (certificate is null != key is null)
        {
            section.Problem(certificate is null ? "tls_key" : "tls_certificate", "tls_certificate and tls_key must be set together");
        }

        return (address, port, connections, usesTls, certificate, key);
    }

    // After every key was asked for.
    private static void CheckWhole(ConfigurationReader reader, EngineKind engine, NetworkPlan? network, Ipv4Range? internalRange, int bootPort, int apiPort)
    {
        reader.Root.Close();
        reader.CheckOutside();
        CheckServerAddress(reader.Root, engine, network, internalRange, bootPort, apiPort);
    }

    private static void CheckServerAddress(ConfigurationSection root, EngineKind engine, NetworkPlan? network, Ipv4Range? internalRange, int bootPort, int apiPort)
    {
        if (bootPort == apiPort)
        {
            root.Problem("boot", $"boot.port and api.port are both {bootPort}");
        }

        if (network is null || internalRange is null)
        {
            return;
        }

        // Behind another PXE environment it is an HTTP service, which machines may reach through a router.
        if (engine != EngineKind.External && !network.Subnet.Contains(network.ServerAddress))
        {
            root.Problem("network", $"address {network.ServerAddress} is not in subnet {network.Subnet}");
        }

        if (network.BootstrapRange is { } bootstrap && bootstrap.Contains(network.ServerAddress))
        {
            root.Problem("network", $"address {network.ServerAddress} is inside bootstrap_range {bootstrap}");
        }
    }

    private static IdentityRule BindIdentity(ConfigurationSection root) => root.Optional("identity", "`serial`, `uuid`, `mac` or template",
        "What identifies a machine. A template, such as `{board_serial}` or `{serial}-{uuid}`, is for hardware whose serial alone does not identify it.",
        IdentityOf, IdentityRule.BySerial, "serial");

    private static bool IdentityOf(string text, out IdentityRule value, out string problem)
    {
        var isRule = IdentityRule.TryParse(text, out var rule, out var refusal);
        (value, problem) = (rule ?? IdentityRule.BySerial, $"is not valid: {refusal}");
        return isRule;
    }
}
