using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>What one protocol of the server would answer.</summary>
public sealed record ExplainedProtocol
{
    /// <summary>
    /// Which: <c>dhcp</c>, <c>dhcp-http</c>, <c>dhcp-ipxe</c>; beside another DHCP server <c>proxy</c>, <c>proxy-http</c>, <c>proxy-ipxe</c>; <c>port-4011</c>, <c>ipxe</c>, <c>grub</c>, <c>pxelinux</c>, <c>kernel</c>, <c>initrd</c>, <c>config</c>.
    /// </summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The network that it says this on: <c>10.2.0.0/24 by relay 10.2.0.1</c>; null where there is but one, or it does not matter.</summary>
    public string? Network { get; init; }

    /// <summary>Whether it gives the client something to go on with; false: it stays silent, or refuses.</summary>
    public bool Answers { get; init; }

    /// <summary>Whether it should give something, by the boot answer, and does not.</summary>
    public bool Failing { get; init; }

    /// <summary>What it says, as half a sentence: the offer and its boot file, or why there is none.</summary>
    [AllowNull]
    public string Detail { get; init => field = value ?? ""; } = "";

    /// <summary>The script that it would answer, or null where it answers none.</summary>
    public string? Text { get; init; }
}
