using System.Globalization;
using Mayu.Netboot.Loaders;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Server.Configuration;

/// <summary>The keys of <c>pxe</c>.</summary>
internal static class PxeSchema
{
    private const int MaximumQuirks = 64;

    private static readonly DhcpOptionCode[] Omittable =
    [
        DhcpOptionCode.VendorSpecific, DhcpOptionCode.VendorClassIdentifier, DhcpOptionCode.ClientIdentifier, DhcpOptionCode.TftpServerName, DhcpOptionCode.BootFileName,
        DhcpOptionCode.ClientMachineIdentifier, DhcpOptionCode.Etherboot, DhcpOptionCode.PxelinuxConfigFile, DhcpOptionCode.PxelinuxPathPrefix,
    ];

    /// <summary>Asks for every key of the section.</summary>
    public static PxeSettings Bind(ConfigurationSection section)
    {
        var loader = section.Optional("loader", LoaderWords, "What firmware loads first. An architecture for which this loader does not exist uses `ipxe`.", Loader, BootLoader.Ipxe, "ipxe");
        var menu = section.Optional<TimeSpan?>("menu", "time", "How long iPXE shows a menu at the console, 1s to 10m, before it continues with what Mayu decided.", Parse.Nullable(Parse.Time("1s", "10m")), null, "no menu");
        var solicitations = section.Optional("answer_router_solicitations", "`true` or `false`", "Whether Mayu answers the IPv6 router solicitation of a booting client with \"no router here\" (RFC 4861, lifetime 0). iPXE otherwise waits 16 s for an IPv6 router at each start. Mayu stays silent if it hears a router.", Parse.Flag, true, "true");
        var architectures = section.Sections("architectures", BindArchitecture);
        var quirks = section.Sections("quirks", BindQuirk);
        section.Close();
        section.Repeated("architectures", architectures.OfType<ArchitectureSetting>(), one => one.Architecture, (architecture, count) =>
            $"there are {count} entries for {ClientArchitectureName.Of(architecture)}");
        if (quirks.Count > MaximumQuirks)
        {
            section.Problem("quirks", $"there are {quirks.Count}; at most {MaximumQuirks} are allowed");
        }

        return new PxeSettings
        {
            Loader = loader,
            Menu = menu,
            AnswersRouterSolicitations = solicitations,
            Architectures = [.. architectures.OfType<ArchitectureSetting>()],
            Quirks = [.. quirks],
        };
    }

    private const string LoaderWords = "`ipxe`, `grub`, `pxelinux` or `shim`";
    private const string ArchitectureWords = "architecture";

    private static ConfigurationSection.Parser<BootLoader> Loader { get; } = Parse.OneOf(
        ("ipxe", BootLoader.Ipxe), ("grub", BootLoader.Grub), ("pxelinux", BootLoader.Pxelinux), ("shim", BootLoader.Shim));

    private static ConfigurationSection.Parser<ClientArchitecture?> NullableArchitecture { get; } = Parse.Nullable<ClientArchitecture>(Architecture);

    // It stands in a packet of which the field has 127 bytes, and in URLs.
    private static ConfigurationSection.Parser<string> File { get; } = Parse.Checked(
        "is not a boot file (1 to 127 printable ASCII characters without spaces, quotes, backslash and \"..\")",
        text => text.Length is >= 1 and <= 127 && text.All(c => c is > ' ' and < '\u007f' and not ('\\' or '"' or '\'')) && !text.Split('/').Contains(".."));

    private static ArchitectureSetting? BindArchitecture(ConfigurationSection section)
    {
        var before = section.ProblemCount;
        var architecture = section.Required<ClientArchitecture>("architecture", ArchitectureWords,
            $"The architecture that the entry is for: {string.Join(", ", ClientArchitectureName.All.Select(one => $"`{ClientArchitectureName.Of(one)}`"))}, or a number of DHCP option 93.", Architecture);
        var loader = section.Optional<BootLoader?>("loader", LoaderWords, "The loader for this architecture.", Parse.Nullable(Loader), null, "`pxe.loader`");
        var file = section.Optional<string?>("file", "file or URL", "The file that this firmware loads instead of the loader's usual file: a path below `tftp_root`, or a URL if the firmware boots over HTTP.", File!, null, "the loader's file");
        if (section.ProblemCount > before)
        {
            return null;
        }

        if (file is not null && BootFile.IsUrl(file) && !ClientArchitectureName.IsHttp(architecture))
        {
            section.Problem("file", $"{ClientArchitectureName.Of(architecture)} firmware loads by TFTP and cannot use a URL; {ClientArchitectureName.Of(ClientArchitectureName.OverHttp(architecture))} can");
        }

        if (loader is { } one && file is null && LoaderFiles.NameOf(one, architecture) is null)
        {
            section.Problem("loader", $"this loader has no default file for {ClientArchitectureName.Of(architecture)}; set its `file`");
        }

        if (loader is null && file is null)
        {
            section.Problem("architecture", "it needs a `loader` or a `file`");
        }

        return new ArchitectureSetting(architecture, loader, file);
    }

    private static PxeQuirk BindQuirk(ConfigurationSection section)
    {
        var quirk = new PxeQuirk
        {
            Oui = section.Optional<uint?>("oui", "`aa:bb:cc`", "Matches clients whose MAC begins with this.", Oui, null, "any"),
            VendorClass = [.. section.Optional("vendor_class", "text", "Matches clients whose option 60 begins with this, such as `PXEClient:Arch:00007:UNDI:003016`.", Parse.Printable("vendor class", 255), "", "any").Select(c => (byte)c)],
            Architecture = section.Optional<ClientArchitecture?>("architecture", ArchitectureWords, "Matches clients that send this architecture in option 93.", NullableArchitecture, null, "any"),
            Treat = section.Optional<ClientArchitecture?>("treat_as", ArchitectureWords, "The real architecture of these clients, if their option 93 is wrong.", NullableArchitecture, null, "their option 93"),
            File = section.Optional<string?>("file", "file or URL", "The file that these clients load.", File!, null, "that of their architecture"),
            OmittedOptions = [.. section.List<DhcpOptionCode>("omit_options", "number", $"DHCP options to leave out of the answers to these clients, any of {string.Join(", ", Omittable.Select(code => (byte)code))}.", Option)],
            BootMenu = [.. section.Optional("boot_menu", "text", "The text of a boot menu in option 43, such as `Raspberry Pi Boot`. The menu has one entry, the boot file.", Parse.Printable("menu text", PxeVendorOptions.LongestMenuText), "", "no menu").Select(c => (byte)c)],
            Delay = section.Optional("delay", "time", "How long Mayu waits before it sends an offer to these clients, 100ms to 10s. No other client waits.", Parse.Time("100ms", "10s"), TimeSpan.Zero, "none"),
            MaximumBlockSize = section.Optional<int?>("max_block_size", "bytes", "The largest TFTP block for these clients, 512 to 65464.", Parse.Nullable(Parse.Number(512, 65464)), null, "any"),
        };
        if (quirk is { Oui: null, VendorClass.IsEmpty: true, Architecture: null })
        {
            section.Problem("oui", "it matches every client: set its `oui`, `vendor_class` or `architecture`");
        }

        if (quirk is { Treat: null, File: null, OmittedOptions.IsEmpty: true, MaximumBlockSize: null, BootMenu.IsEmpty: true } && quirk.Delay == TimeSpan.Zero)
        {
            section.Problem("treat_as", "it changes nothing: set its `treat_as`, `file`, `omit_options`, `boot_menu`, `delay` or `max_block_size`");
        }

        if (!quirk.BootMenu.IsEmpty && quirk.OmittedOptions.Contains(DhcpOptionCode.VendorSpecific))
        {
            section.Problem("boot_menu", "it is part of option 43, which `omit_options` removes");
        }

        return quirk;
    }

    private static bool Architecture(string text, out ClientArchitecture value, out string problem)
    {
        problem = $"must be an architecture ({string.Join(", ", ClientArchitectureName.All.Select(ClientArchitectureName.Of))}, or a number up to 65535)";
        return ClientArchitectureName.TryParse(text, out value);
    }

    private static bool Oui(string text, out uint? value, out string problem)
    {
        problem = "is not the beginning of a MAC (like 52:54:00)";
        var digits = text.Length == 8 && text[2] is ':' or '-' && text[5] == text[2] ? string.Concat(text.AsSpan(0, 2), text.AsSpan(3, 2), text.AsSpan(6, 2)) : "";
        value = uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;
        return value is not null;
    }

    private static bool Option(string text, out DhcpOptionCode value, out string problem)
    {
        problem = $"must be one of the options {string.Join(", ", Omittable.Select(code => (byte)code))}";
        value = byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (DhcpOptionCode)number : default;
        return Omittable.Contains(value);
    }
}
