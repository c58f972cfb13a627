
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Loaders;

namespace Mayu.Server.Configuration;

/// <summary>The keys <c>engine</c>, which is asked for first because what the network needs depends on it, and <c>dnsmasq</c>.</summary>
internal static class EngineSchema
{
    /// <summary>Asks for the engine.</summary>
    public static EngineKind Bind(ConfigurationSection root) => root.Optional(
        "engine",
        "`builtin`, `dnsmasq` or `external`",
        "Which program answers DHCP and TFTP. `builtin`: Mayu itself. `dnsmasq`: a dnsmasq that Mayu configures, starts and supervises. `external`: a PXE "
            + "environment that you already have; Mayu is only its HTTP service, and interfaces and `network.bootstrap_range` are optional.",
        Parse.OneOf(("builtin", EngineKind.Builtin), ("dnsmasq", EngineKind.Dnsmasq), ("external", EngineKind.External)),
        EngineKind.Builtin,
        "builtin");

    /// <summary>Asks for every key of the section <c>dnsmasq</c>.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="engine">Whether all this counts.</param>
    /// <param name="pxe">What is asked of the engine.</param>
    /// <param name="mode">Whether it gives addresses.</param>
    /// <param name="dataDirectory">Where the server keeps what it keeps.</param>
    public static DnsmasqSettings BindDnsmasq(ConfigurationSection root, EngineKind engine, PxeSettings pxe, DhcpMode mode, string dataDirectory)
    {
        var section = root.Section("dnsmasq");
        var program = section.Optional("program", "file", "The program of the engine `dnsmasq`. A name without a slash is searched for on the PATH.", Parse.Text, "dnsmasq", "dnsmasq");
        var user = section.Optional("user", "name", "The user that dnsmasq runs as. This user must be able to read dnsmasq's files.", Parse.Name, "dnsmasq", "dnsmasq");
        var folder = section.Optional<string?>("folder", "folder", "The folder of its configuration, its leases and the links to its files. The user must have access to every folder above it.",
            Parse.Text!, null, "`data_dir`/dnsmasq") ?? Path.Combine(dataDirectory, "dnsmasq");
        section.Close();
        if (engine == EngineKind.Dnsmasq)
        {
            DnsmasqLimits.CheckQuirks(root, pxe, mode);
        }

        return new DnsmasqSettings { Program = program, User = user, Folder = Path.GetFullPath(folder) };
    }
}
