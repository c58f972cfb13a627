using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>One machine as the API shows it.</summary>
public sealed record Machine
{
    /// <summary>The identity: trimmed and lower-cased DMI serial, or what stands in for it.</summary>
    [AllowNull]
    public string Serial { get; init => field = value ?? ""; } = "";

    /// <summary>False where it was only seen booting: it gets its record with its facts.</summary>
    public bool HasRecord { get; init; }

    /// <summary>DMI system UUID, lower case with dashes, or null when not known yet.</summary>
    public string? Uuid { get; init; }

    /// <summary>Host name, or null before it has one.</summary>
    public string? Hostname { get; init; }

    /// <summary>MAC addresses of all its network interfaces, lower case with colons.</summary>
    [AllowNull]
    public IReadOnlyList<string> MacAddresses { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>The interface it boots from (<c>eth0</c>), or null when not known.</summary>
    public string? ConnectedNic { get; init; }

    /// <summary>Where it is in its life: one of <see cref="MachineStates"/>.</summary>
    [AllowNull]
    public string State { get; init => field = value ?? ""; } = "";

    /// <summary>The profile it was given, or null before its facts were accepted.</summary>
    public string? Profile { get; init; }

    /// <summary>The profile that its system was installed with, or null where that is not known. Another <see cref="Profile"/> holds from its next installation.</summary>
    public string? InstalledProfile { get; init; }

    /// <summary>The IPv4 address that is its own for good, or null before its facts were accepted.</summary>
    public string? InternalAddress { get; init; }

    /// <summary>The IPv4 addresses of its further network interfaces, by interface name.</summary>
    [AllowNull]
    public IReadOnlyDictionary<string, string> AdditionalAddresses
    {
        get;
        init => field = ContractLists.Clean(value);
    } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Address of its board management controller, or null when not known.</summary>
    public string? BmcAddress { get; init; }

    /// <summary>Name of the image it gets, or null.</summary>
    public string? Image { get; init; }

    /// <summary><c>bios</c> or <c>uefi</c>, or null when not known.</summary>
    public string? Firmware { get; init; }

    /// <summary>The <c>/etc/machine-id</c> it gets: 32 hexadecimal digits, or null.</summary>
    public string? MachineId { get; init; }

    /// <summary>When it was seen for the first time (RFC 3339 on the wire), or null.</summary>
    public DateTimeOffset? FirstSeen { get; init; }

    /// <summary>When anything was last heard of it (RFC 3339 on the wire), or null.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>
    /// When it last fetched a config for an installation, or reported that it runs (RFC 3339 on the wire), or null. A report that changed
    /// nothing is not in the record: a restart of the server forgets it.
    /// </summary>
    public DateTimeOffset? LastBoot { get; init; }

    /// <summary>False where an operator told Mayu to leave the machine alone.</summary>
    public bool Enabled { get; init; }

    /// <summary>True where the next installation keeps the data on the disk.</summary>
    public bool KeepDiskData { get; init; }

    /// <summary>Versions it reported when it was up, by name (<c>OS</c>, <c>Kernel</c>).</summary>
    [AllowNull]
    public IReadOnlyDictionary<string, string> Versions
    {
        get;
        init => field = ContractLists.Clean(value);
    } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Template variables set for this machine only, by name; a value may be any JSON.</summary>
    [AllowNull]
    public IReadOnlyDictionary<string, JsonElement> Overrides
    {
        get;
        init => field = value ?? ImmutableDictionary<string, JsonElement>.Empty;
    } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>Tags of the machine, <c>key=value</c> or single words.</summary>
    [AllowNull]
    public IReadOnlyList<string> Metadata { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>The cloud provider's or inventory's name for it, or null.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The cabinet it stands in, or null.</summary>
    public string? Cabinet { get; init; }

    /// <summary>What operators wrote down about it, of several lines perhaps, or null.</summary>
    public string? Notes { get; init; }

    /// <summary>True: an operator said that other machines say this serial as well. Else null.</summary>
    public bool? SharesSerial { get; init; }

    /// <summary>True: an operator said that other machines say this UUID as well. Else null.</summary>
    public bool? SharesUuid { get; init; }

    /// <summary>Somebody who may be this machine and may be another, or null.</summary>
    public IdentityClaim? Conflict { get; init; }

    /// <summary>Why it is stuck, or null while nothing is wrong.</summary>
    public ProblemReport? Problem { get; init; }

    /// <summary>The hop that did not follow, or null while it makes progress.</summary>
    public StallReport? Stall { get; init; }

    /// <summary>The last mark of its boot trace, or null where there is none since the server started.</summary>
    public Hop? Hop { get; init; }

    /// <summary>In the answer to a change: what an operator should know of it, as a sentence, or null.</summary>
    public string? Warning { get; init; }

    /// <summary>What its collector found, or null before the facts came in, and in lists.</summary>
    public FactsReport? Facts { get; init; }

    /// <summary>The record's ETag, to change it only if it is still this one; null for a machine of a list, and for one without a record. It is a header of the answer.</summary>
    [JsonIgnore]
    public string? Tag { get; init; }
}
