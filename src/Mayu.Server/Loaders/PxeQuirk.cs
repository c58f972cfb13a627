using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Net;
using Mayu.Protocols.Pxe;

namespace Mayu.Server.Loaders;

/// <summary>How clients of one kind are answered otherwise. A condition that is not given fits every client.</summary>
internal sealed record PxeQuirk
{
    /// <summary>The first three octets of the client's MAC, as the upper bits of a number of 24; null: any.</summary>
    public uint? Oui { get; init; }

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

    /// <summary>Whether it fits a client.</summary>
    public bool Fits(MacAddress mac, in PxeClientInfo client) =>
        (Oui is not { } oui || oui == mac.Oui)
        && (VendorClass.IsEmpty || client.VendorClass.StartsWith(VendorClass.AsSpan()))
        && (Architecture is not { } architecture || architecture == client.Architecture);

    /// <summary>Its conditions, in words for logs and <c>explain</c>.</summary>
    public string Describe()
    {
        List<string> conditions = [];
        if (Oui is { } oui)
        {
            conditions.Add($"MAC {oui >> 16:x2}:{(oui >> 8) & 0xFF:x2}:{oui & 0xFF:x2}:…");
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
