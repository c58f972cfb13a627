using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Machines;

/// <summary>All that is kept about one machine. A record is never changed: a change makes the next one.</summary>
public sealed record Machine
{
    /// <summary>The identity; never changes.</summary>
    public required Serial Serial { get; init; }

    /// <summary>Where it stands in its life.</summary>
    public required MachineState State { get; init; }

    /// <summary>False: it is never served anything.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The serial that it says and is not named by; null where there is none. It is named by another where <c>identity</c> says so, or said so
    /// once; or where its serial was written anew, and an operator accepted that.
    /// </summary>
    public Serial? SaidSerial { get; init; }

    /// <summary>DMI system UUID, if it has a usable one.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>The MACs of its network interfaces, the boot interface's first.</summary>
    public ImmutableArray<MacAddress> MacAddresses { get; init; } = [];

    /// <summary>The name of the interface it boots from, as its system calls it (<c>eth0</c>).</summary>
    public string? ConnectedNic { get; init; }

    /// <summary>The name of its profile; null until one was assigned.</summary>
    public string? Profile { get; init; }

    /// <summary>The address that is its own for good; null until one was assigned.</summary>
    public Ipv4? InternalAddress { get; init; }

    /// <summary>The addresses of its further network interfaces, by interface name: its own for good, too.</summary>
    public ImmutableSortedDictionary<string, Ipv4> AdditionalAddresses { get; init; } = NoAddresses;

    /// <summary>Its host name, a DNS label (RFC 1123).</summary>
    public string? Hostname { get; init; }

    /// <summary>32 hex digits for <c>/etc/machine-id</c>; kept over reinstalls.</summary>
    public string? MachineId { get; init; }

    /// <summary>Address of its baseboard management controller.</summary>
    public Ipv4? BmcAddress { get; init; }

    /// <summary>The image it installed, or is installing.</summary>
    public string? Image { get; init; }

    /// <summary>The profile whose config it fetched last; null where that is not known.</summary>
    public string? InstalledProfile { get; init; }

    /// <summary>Names the installation whose config it fetched last. Only the system that this config made knows it, and reports with it.</summary>
    public string? InstallId { get; init; }

    /// <summary>An operator's word for the next install: what is on its data disks stays.</summary>
    public bool KeepDiskData { get; init; }

    /// <summary>Its tags (<c>role=core</c>), at first those of its profile.</summary>
    public ImmutableArray<string> Metadata { get; init; } = [];

    /// <summary>What it reported of itself when it came up, by component: <c>OS</c>, <c>Kernel</c> …</summary>
    public ImmutableSortedDictionary<string, string> Versions { get; init; } = NoStrings;

    /// <summary>Template variables of this machine alone.</summary>
    public ImmutableSortedDictionary<string, string> Overrides { get; init; } = NoStrings;

    /// <summary>When its facts first came in.</summary>
    public DateTimeOffset? FirstSeen { get; init; }

    /// <summary>When it last fetched a config for an installation, or reported that it runs for the first time or with other versions.</summary>
    public DateTimeOffset? LastBoot { get; init; }

    /// <summary>The cloud provider's or inventory's name for it; only kept.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The cabinet it stands in; only kept.</summary>
    public string? Cabinet { get; init; }

    /// <summary>What operators wrote down about it; only kept, and seen by no template.</summary>
    public string? Notes { get; init; }

    /// <summary>Somebody who may be this machine and may be another; null while there is none, or since an operator resolved it.</summary>
    public IdentityClaim? Conflict { get; init; }

    /// <summary>An operator's word: other machines say this serial as well (nodes of one chassis), so it tells none from another.</summary>
    public bool SharesSerial { get; init; }

    /// <summary>An operator's word: other machines say this UUID as well (boards of one model), so it tells none from another.</summary>
    public bool SharesUuid { get; init; }

    /// <summary>What the collector found in it.</summary>
    public MachineFacts? Facts { get; init; }

    /// <summary>Whether the two records say the same; unlike <c>==</c>, which asks whether their lists are the same objects.</summary>
    public bool IsSameAs(Machine other) =>
        MacAddresses.SequenceEqual(other.MacAddresses)
        && Metadata.SequenceEqual(other.Metadata)
        && Versions.SequenceEqual(other.Versions)
        && Overrides.SequenceEqual(other.Overrides)
        && AdditionalAddresses.SequenceEqual(other.AdditionalAddresses)
        && (Conflict is null ? other.Conflict is null : other.Conflict is not null && Conflict.IsSameAs(other.Conflict))
        && (Facts is null ? other.Facts is null : other.Facts is not null && Facts.IsSameAs(other.Facts))
        && Plain(this) == Plain(other);

    /// <summary>Whether its disk holds an operating system of ours.</summary>
    public bool HasSystem => State is MachineState.Installed or MachineState.Running;

    /// <summary>Whether it has one of these MACs.</summary>
    public bool HasAnyOf(ImmutableArray<MacAddress> macs)
    {
        foreach (var mac in macs)
        {
            if (MacAddresses.Contains(mac))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All its internal addresses.</summary>
    public IEnumerable<Ipv4> Addresses => InternalAddress is { } primary ? AdditionalAddresses.Values.Prepend(primary) : AdditionalAddresses.Values;

    /// <summary>An empty map with ordinal keys.</summary>
    public static ImmutableSortedDictionary<string, string> NoStrings { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>An empty map with ordinal keys.</summary>
    public static ImmutableSortedDictionary<string, Ipv4> NoAddresses { get; } = ImmutableSortedDictionary.Create<string, Ipv4>(StringComparer.Ordinal);

    // Without the parts that == would compare by reference.
    private static Machine Plain(Machine machine) => machine with
    {
        MacAddresses = [],
        Metadata = [],
        Versions = NoStrings,
        Overrides = NoStrings,
        AdditionalAddresses = NoAddresses,
        Conflict = null,
        Facts = null,
    };
}
