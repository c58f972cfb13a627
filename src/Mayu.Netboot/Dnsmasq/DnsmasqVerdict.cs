using System.Collections.Immutable;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>What a client is answered by a configuration of dnsmasq.</summary>
internal sealed record DnsmasqVerdict
{
    /// <summary>Why it gets no answer; null: it gets one.</summary>
    public string? Silence { get; init; }

    /// <summary>Whether another server gives the address.</summary>
    public bool IsProxy { get; init; }

    /// <summary>The line <c>dhcp-boot</c> that is for it: file, server's name, server's address; null for none.</summary>
    public DnsmasqLine? Boot { get; init; }

    /// <summary>The address that it always gets; null: one of the range.</summary>
    public string? Address { get; init; }

    /// <summary>Lines that may change the answer, and are not understood.</summary>
    public ImmutableArray<string> Unread { get; init; } = [];
}
