using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Server.Configuration;

/// <summary>The keys of an <c>options</c> list: any DHCP option by its number, with a type.</summary>
internal static class DhcpOptionSchema
{
    private const int LongestValue = 255;

    // What the exchange itself writes or reads. A value of the operator's would contradict it.
    private static readonly Dictionary<byte, string> Taken = new()
    {
        [0] = "it is padding",
        [1] = "network.subnet sets it",
        [3] = "network.router sets it",
        [6] = "network.dns sets it",
        [12] = "a reservation's hostname sets it",
        [15] = "network.domain sets it",
        [28] = "network.subnet sets it",
        [42] = "network.ntp sets it",
        [50] = "only clients send it",
        [51] = "network.lease_time sets it",
        [52] = "DHCP itself uses it",
        [53] = "DHCP itself uses it",
        [54] = "DHCP itself uses it",
        [55] = "only clients send it",
        [56] = "DHCP itself uses it",
        [57] = "only clients send it",
        [58] = "network.lease_time sets it",
        [59] = "network.lease_time sets it",
        [61] = "only clients send it",
        [82] = "relays send it",
        [118] = "only clients and relays send it",
        [255] = "it is the end mark",
    };

    private const string Pxe = "PXEClient";
    private const string Http = "HTTPClient";
    private const string UBoot = "U-Boot";

    // What the answer to a boot loader has of Mayu's own: the classes (option 60) of the loaders, and what says it instead. An entry for other
    // clients is theirs to have.
    private static readonly Dictionary<byte, (string[] Classes, string Instead)> OfLoaders = new()
    {
        [43] = ([Pxe], "set its text with pxe.quirks[].boot_menu, or omit it with omit_options"),
        [60] = ([Pxe, Http], "they expect their own class in the answer"),
        [66] = ([Pxe, UBoot], "they load from this server"),
        [67] = ([Pxe, Http, UBoot], "pxe.loader, and the `file` of pxe.architectures and pxe.quirks set it"),
        [97] = ([Pxe], "it repeats what they sent"),
        [175] = ([Pxe, Http], "it tells iPXE not to wait for a proxy"),
    };

    private enum OptionType
    {
        Addresses,
        Text,
        Hex,
        UInt8,
        UInt16,
        UInt32,
    }

    /// <summary>Asks for the list <c>options</c> of a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="whyNone">Why no client here is told any; null: they are.</param>
    public static ImmutableArray<DhcpOptionSetting> Bind(ConfigurationSection section, string? whyNone)
    {
        ImmutableArray<DhcpOptionSetting> options = [.. section.Sections("options", BindOption).OfType<DhcpOptionSetting>()];
        if (options.Length > 0 && whyNone is not null)
        {
            section.Problem("options", $"no client would get them: {whyNone}");
        }

        section.Repeated("options", options, option => (option.Code, Class: Encoding.ASCII.GetString(option.VendorClass.AsSpan())), (of, count) =>
            $"there are {count} entries of option {(byte)of.Code} for {(of.Class.Length == 0 ? "all clients" : $"the class \"{of.Class}\"")}, which would only get the first one");

        return options;
    }

    /// <summary>Tells which options PXELINUX gets from Mayu already, where it is loaded.</summary>
    /// <param name="section">The section <c>dhcp</c>.</param>
    /// <param name="options">All options, of the subnets too.</param>
    /// <param name="pxe">The loaders.</param>
    public static void CheckPxelinux(ConfigurationSection section, IEnumerable<DhcpOptionSetting> options, PxeSettings pxe)
    {
        var files = pxe.AllQuirks.Select(quirk => LoaderTable.Make(pxe, "", quirk)).Prepend(LoaderTable.Make(pxe, "")).SelectMany(table => table.Files.Values).ToList();
        foreach (var code in options.Where(option => Overlaps(option.VendorClass.AsSpan(), Pxe)).Select(option => option.Code).Distinct())
        {
            if (code == DhcpOptionCode.PxelinuxConfigFile && files.Exists(file => file.Loader == BootLoader.Pxelinux))
            {
                section.Problem("options", "Mayu sets option 209 itself when PXELINUX is loaded (pxe.loader, pxe.architectures): it names the machine's configuration. For other clients, set the entry's vendor_class");
            }

            if (code == DhcpOptionCode.PxelinuxPathPrefix && files.Exists(file => file.PathPrefix is not null))
            {
                section.Problem("options", "Mayu sets option 210 itself when lpxelinux.0 is loaded (pxe.architectures): it says where its files are. For other clients, set the entry's vendor_class");
            }
        }
    }

    // Whether one client may have both: either is the other's beginning.
    private static bool Overlaps(ReadOnlySpan<byte> ofOption, string ofLoader) =>
        Encoding.ASCII.GetBytes(ofLoader).AsSpan().StartsWith(ofOption) || ofOption.StartsWith(Encoding.ASCII.GetBytes(ofLoader));

    private static DhcpOptionSetting? BindOption(ConfigurationSection section)
    {
        var code = section.Required<byte?>("code", "1 to 254", "The number of the DHCP option to send.", Code);
        var type = section.Optional("type", "`addresses`, `text`, `hex`, `uint8`, `uint16` or `uint32`", "The type of the value.",
            Parse.OneOf(
                ("addresses", OptionType.Addresses), ("text", OptionType.Text), ("hex", OptionType.Hex),
                ("uint8", OptionType.UInt8), ("uint16", OptionType.UInt16), ("uint32", OptionType.UInt32)),
            OptionType.Text, "text");
        var value = section.Required<byte[]>("value", "value", "The value: addresses separated by commas, text, hex digits, or a number.",
            (string text, [NotNullWhen(true)] out byte[]? bytes, out string problem) => TryEncode(type, text, out bytes, out problem));
        var vendor = section.Optional<string?>("vendor_class", "text", "Send it only to clients whose vendor class (option 60) begins with this.", Parse.Printable("vendor class", 64)!, null, "all clients");
        var always = section.Optional("always", "`true` or `false`", "Whether to send the option even to clients that did not request it (option 55).", Parse.Flag, false, "false");
        if (code is { } own && OfLoaders.TryGetValue(own, out var taken) && taken.Classes.Any(one => Overlaps(Encoding.ASCII.GetBytes(vendor ?? ""), one)))
        {
            section.Problem("code", $"boot loaders (vendor class {string.Join(", ", taken.Classes)}) get option {own} from Mayu: {taken.Instead}. For other clients, set the entry's vendor_class");
            return null;
        }

        return code is { } number && value is { Length: > 0 }
            ? new DhcpOptionSetting((DhcpOptionCode)number, [.. value]) { VendorClass = [.. Encoding.ASCII.GetBytes(vendor ?? "")], Always = always }
            : null;
    }

    private static bool Code(string text, out byte? value, out string problem)
    {
        value = byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        problem = value is { } taken && Taken.TryGetValue(taken, out var why) ? $"cannot be set: {why}" : "must be the number of an option, 1 to 254";
        return value is { } code && !Taken.ContainsKey(code);
    }

    private static bool TryEncode(OptionType type, string text, out byte[] value, out string problem)
    {
        (value, problem) = type switch
        {
            OptionType.Addresses => (Addresses(text), "is not a list of addresses (like 10.0.0.1, 10.0.0.2; at most 63)"),
            OptionType.Hex => (Hex(text), "is not hex (like 01:ff:20 or 01ff20)"),
            OptionType.UInt8 => (Number(text, 1), "must be a number from 0 to 255"),
            OptionType.UInt16 => (Number(text, 2), "must be a number from 0 to 65535"),
            OptionType.UInt32 => (Number(text, 4), "must be a number from 0 to 4294967295"),
            _ => (Text(text), "is not a text for an option (printable ASCII)"),
        };
        if (value.Length > LongestValue)
        {
            problem = $"has {value.Length} bytes; an option can have at most {LongestValue}";
        }

        return value.Length is > 0 and <= LongestValue;
    }

    private static byte[] Addresses(string text)
    {
        var bytes = new List<byte>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Ipv4.TryParse(part, out var address))
            {
                return [];
            }

            bytes.AddRange([(byte)(address.Value >> 24), (byte)(address.Value >> 16), (byte)(address.Value >> 8), (byte)address.Value]);
        }

        return [.. bytes];
    }

    private static byte[] Hex(string text)
    {
        var digits = text.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        return digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : [];
    }

    private static byte[] Number(string text, int bytes)
    {
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || (bytes < 4 && number >> (8 * bytes) != 0))
        {
            return [];
        }

        return [.. Enumerable.Range(0, bytes).Select(i => (byte)(number >> (8 * (bytes - 1 - i))))];
    }

    private static byte[] Text(string text) => text.All(c => c is >= ' ' and <= '~') ? Encoding.ASCII.GetBytes(text) : [];
}
