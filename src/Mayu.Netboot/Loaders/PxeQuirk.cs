using System.Collections.Immutable;
using System.Text;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Net;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Loaders;

/// <summary>How clients of one kind are answered otherwise. A condition that is not given fits every client.</summary>
internal sealed record PxeQuirk
{
    /// <summary>The text that Raspberry Pi firmware looks for in option 43.</summary>
    public const string RaspberryPiBoot = "Raspberry Pi Boot";

    /// <summary>
    /// What holds without a word in the configuration, behind what that says: the boot ROM of a Raspberry Pi calls itself a BIOS, goes on only if the
    /// answer has its text, and loads <c>bootcode.bin</c> (up to Pi 3) or <c>start4.elf</c> and others (Pi 4, 5) by names of its own.
    /// </summary>
    public static readonly ImmutableArray<PxeQuirk> Usual =
    [
        new PxeQuirk
        {
            Ouis = [0xB827EB, 0xDCA632, 0xE45F01, 0x28CDC1, 0xD83ADD, 0x2CCF67],
            VendorClass = [.. "PXEClient:Arch:00000:"u8],
            BootMenu = [.. Encoding.ASCII.GetBytes(RaspberryPiBoot)],
            File = "bootcode.bin",
        },
    ];

    /// <summary>The first three octets of the client's MAC, each as the upper bits of a number of 24: one of these; empty: any.</summary>
    public ImmutableArray<uint> Ouis { get; init; } = [];

    /// <summary>The one of <see cref="Ouis"/>; null where there is none, or there are several.</summary>
    public uint? Oui { get => Ouis is [var one] ? one : null; init => Ouis = value is { } one ? [one] : []; }

    /// <summary>What option 60 begins with; empty: anything.</summary>
    public ImmutableArray<byte> VendorClass { get; init; } = [];

    /// <summary>What option 93 says; null: anything, also nothing.</summary>
    public ClientArchitecture? Architecture { get; init; }

    /// <summary>What it really is, where option 93 is wrong; null: what it says.</summary>
    public ClientArchitecture? Treat { get; init; }

    /// <summary>The file or URL it is told to load in place of its architecture's; null: that.</summary>
    public string? File { get; init; }

    /// <summary>Options that are left out of its answers.</summary>
    public ImmutableArray<DhcpOptionCode> OmittedOptions { get; init; } = [];

    /// <summary>The largest TFTP <c>blksize</c> it is given, 512 to 65464 bytes; null: any.</summary>
    public int? MaximumBlockSize { get; init; }

    /// <summary>How long an offer waits before it is sent, 0 to 10 seconds: clients ask again after 4 s and more, and give up after a minute (PXE specification 2.1 §2.2.2).</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The text of the boot menu in option 43, ASCII, up to <see cref="PxeVendorOptions.LongestMenuText"/> bytes; empty: no menu.</summary>
    public ImmutableArray<byte> BootMenu { get; init; } = [];

    /// <summary>Whether it fits a client.</summary>
    public bool Fits(MacAddress mac, in PxeClientInfo client) =>
        (Ouis.IsEmpty || Ouis.Contains(mac.Oui))
        && (VendorClass.IsEmpty || client.VendorClass.StartsWith(VendorClass.AsSpan()))
        && (Architecture is not { } architecture || architecture == client.Architecture);

    /// <summary>Each of <see cref="Ouis"/> as it is written: <c>b8:27:eb</c>.</summary>
    public IEnumerable<string> OuiTexts => Ouis.Select(oui => $"{oui >> 16:x2}:{(oui >> 8) & 0xFF:x2}:{oui & 0xFF:x2}");

    /// <summary>Its conditions, in words for logs and <c>explain</c>.</summary>
    public string Describe()
    {
        List<string> conditions = [];
        if (!Ouis.IsEmpty)
        {
            conditions.Add($"MAC {string.Join(" or ", OuiTexts.Select(oui => oui + ":…"))}");
        }

        if (!VendorClass.IsEmpty)
        {
            conditions.Add($"vendor class {WireText.Printable(VendorClass.AsSpan(), 60)}");
        }

        if (Architecture is { } architecture)
        {
            conditions.Add($"architecture {ClientArchitectureName.Of(architecture)}");
        }

        return string.Join(", ", conditions);
    }
}
