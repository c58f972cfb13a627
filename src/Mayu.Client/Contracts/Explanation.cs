using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>GET /api/v1/explain/{serial or MAC}</c>: what each protocol of the server would answer this client now, and why.</summary>
public sealed record Explanation
{
    /// <summary>The machine, or null where nobody knows the client.</summary>
    public string? Serial { get; init; }

    /// <summary>The MAC that is asked about, or null where none is known: DHCP then has nobody to answer.</summary>
    public string? MacAddress { get; init; }

    /// <summary>The UUID that is asked about, or null.</summary>
    public string? Uuid { get; init; }

    /// <summary>The machine's state, or null while it has no record.</summary>
    public string? State { get; init; }

    /// <summary>Whether no machine of that name has a record, and none asked for anything since the server started.</summary>
    public bool NeverSeen { get; init; }

    /// <summary>Its profile, or null.</summary>
    public string? Profile { get; init; }

    /// <summary>What is kept for it until it registers, the pin that counts first.</summary>
    [AllowNull]
    public IReadOnlyList<Pin> Pins { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>The firmware that is asked about: <c>uefi-x64</c>.</summary>
    [AllowNull]
    public string Firmware { get; init => field = value ?? ""; } = "";

    /// <summary>What answers DHCP: <c>builtin</c>, <c>dnsmasq</c> or <c>external</c>.</summary>
    [AllowNull]
    public string Engine { get; init => field = value ?? ""; } = "";

    /// <summary>The role that it has: <c>server</c>, <c>proxy</c> or <c>auto</c>; null where the engine is external.</summary>
    public string? Mode { get; init; }

    /// <summary>The boot answer: <c>discover</c>, <c>install</c>, <c>live</c>, <c>local-disk</c>, <c>local-disk-by-script</c> or <c>ignore</c>.</summary>
    [AllowNull]
    public string Answer { get; init => field = value ?? ""; } = "";

    /// <summary>Why that answer.</summary>
    [AllowNull]
    public string Reason { get; init => field = value ?? ""; } = "";

    /// <summary>What each protocol says, in the order of a boot.</summary>
    [AllowNull]
    public IReadOnlyList<ExplainedProtocol> Protocols { get; init => field = ContractLists.Clean(value); } = [];
}
