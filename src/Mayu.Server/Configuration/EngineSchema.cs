
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
        "Who answers DHCP and TFTP: Mayu itself, a dnsmasq that Mayu configures and watches over, or a PXE environment that is there already, behind which "
            + "Mayu is the HTTP service alone. With `external`, interfaces and `network.bootstrap_range` may be left out.",
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
        var program = section.Optional("program", "file", "The program of the engine `dnsmasq`. A name without a slash is looked for on the PATH.", Parse.Text, "dnsmasq", "dnsmasq");
        var user = section.Optional("user", "name", "The user it runs as; its files must be readable for that user.", Parse.Name, "dnsmasq", "dnsmasq");
        var folder = section.Optional<string?>("folder", "folder", "Where its configuration, its leases and links to its files are; every folder above must be open to that user.",
            Parse.Text!, null, "`data_dir`/dnsmasq") ?? Path.Combine(dataDirectory, "dnsmasq");
        section.Close();
        if (engine == EngineKind.Dnsmasq)
        {
            DnsmasqLimits.CheckQuirks(root, pxe, mode);
        }

        return new DnsmasqSettings { Program = program, User = user, Folder = Path.GetFullPath(folder) };
    }
}
