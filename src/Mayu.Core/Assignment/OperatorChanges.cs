using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Core.Assignment;

/// <summary>What an operator changes in a record besides the state, as pure functions from record to proposal.</summary>
public static class OperatorChanges
{
    /// <summary>The most overrides that one machine can have.</summary>
    public const int MaxOverrides = 256;

    /// <summary>The most tags that one machine can have.</summary>
    public const int MaxTags = 64;

    /// <summary>The most MACs that one machine can have.</summary>
    public const int MaxMacs = 64;

    /// <summary>The most bytes of a machine's notes, as UTF-8.</summary>
    public const int MaxNotes = 4096;

    private const int MaxText = 256;
    private const int MaxOverrideValue = 16 * 1024;

    /// <summary>Moves a machine to a profile, full or not. One that has an OS keeps it: the new profile holds from its next install.</summary>
    public static Proposal Move(Machine machine, ClusterPlan plan, string profile) =>
        plan.FindProfile(profile) is not { } wanted
            ? new Proposal.Refuse(NoProfile(plan, profile))
            : Put(
                machine,
                machine with
                {
                    Profile = wanted.Name,
                    InstalledProfile = machine.InstalledProfile ?? (machine.HasSystem ? machine.Profile : null),
                    Metadata = TagsAfterMove(machine, plan, wanted),
                },
                $"moved to profile {wanted.Name}");

    /// <summary>Gives a machine another internal address. Only while it has no OS: one that runs would go on under the old one.</summary>
    public static Proposal Readdress(ClusterSnapshot snapshot, Machine machine, ClusterPlan plan, Ipv4 address)
    {
        if (machine.InternalAddress == address)
        {
            return new Proposal.Nothing(machine);
        }

        if (machine.State is MachineState.Installing or MachineState.Installed or MachineState.Running)
        {
            return Proposal.Refused(RefusalReason.StateForbids,
                $"Machine {machine.Serial} is {Lifecycle.NameOf(machine.State)} and has the address {machine.InternalAddress} in its system; "
                + $"have it installed again first: mayuctl set {machine.Serial} state configured");
        }

        return plan.WhyNotInternal(snapshot, address) is { } problem
            ? Proposal.Refused(RefusalReason.Conflict, $"Machine {machine.Serial} cannot get the address {address}: {problem}.")
            : new Proposal.Put(machine with { InternalAddress = address }, $"changed the address from {machine.InternalAddress} to {address}");
    }

    /// <summary>Switches a machine on or off. One that is off is served nothing at all.</summary>
    public static Proposal Enable(Machine machine, bool enabled) =>
        Put(machine, machine with { Enabled = enabled }, enabled ? "enabled" : "disabled");

    /// <summary>Sets a template variable for one machine, or takes it away.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="name">A name that a template can print: a letter or <c>_</c>, then letters, digits and <c>_</c>.</param>
    /// <param name="value">The value; null takes it away.</param>
    public static Proposal Override(Machine machine, string name, string? value)
    {
        if (!IsVariable(name))
        {
            return Invalid($"\"{Shown(name)}\" is not a name for a template variable: use a letter or _, then letters, digits and _, at most {MaxText} characters.");
        }

        if (value is null)
        {
            return machine.Overrides.ContainsKey(name)
                ? new Proposal.Put(machine with { Overrides = machine.Overrides.Remove(name) }, $"removed override {name}")
                : Proposal.Refused(RefusalReason.NotFound, $"Machine {machine.Serial} has no override {name}.");
        }

        if (value.Length > MaxOverrideValue || value.Contains('\0', StringComparison.Ordinal))
        {
            return InvalidValue($"The value of {name} has {value.Length} characters; at most {MaxOverrideValue} are allowed, without NUL.");
        }

        // Templates print it as the machine's name, into files that have one name on a line.
        if (name == Hostname.Override && !Hostname.IsName(value))
        {
            return InvalidValue($"The override {name} is not a host name: use letters, digits, - and _, with dots between the labels.");
        }

        // Its value may be a secret: the subject names the variable alone.
        var next = machine with { Overrides = machine.Overrides.SetItem(name, value) };
        return next.Overrides.Count > MaxOverrides
            ? Invalid($"Machine {machine.Serial} already has {MaxOverrides} overrides, which is the maximum.")
            : Put(machine, next, $"set override {name}");
    }

    /// <summary>Sets a machine's tags, in place of all it had.</summary>
    public static Proposal SetTags(Machine machine, ImmutableArray<string> tags) =>
        tags.Length > MaxTags ? Invalid($"A machine has at most {MaxTags} tags.")
            : WrongTags(tags) is { Count: > 0 } wrong ? new Proposal.Refuse(Refusal.Together(wrong))
            : Put(machine, machine with { Metadata = tags }, $"set tags to {string.Join(", ", tags)}");

    /// <summary>Sets a machine's host name.</summary>
    public static Proposal Rename(ClusterSnapshot snapshot, Machine machine, string hostname) =>
        !Hostname.IsValid(hostname) ? Invalid($"\"{Shown(hostname)}\" is not a host name: use 1 to 63 of a-z, 0-9 and -, with no - at either end (RFC 1123).")
        : hostname != machine.Hostname && snapshot.OwnersOfHostname(hostname) is { Count: > 0 } owners
            ? Proposal.Refused(RefusalReason.Conflict, $"Machine {owners[0]} already has the host name {hostname}.")
        : Put(machine, machine with { Hostname = hostname }, $"renamed to {hostname}");

    /// <summary>Sets the inventory's name for a machine; empty takes it away.</summary>
    public static Proposal SetProviderId(Machine machine, string text) =>
        IsLine(text) ? Put(machine, machine with { ProviderId = OrNull(text) }, $"set provider id to {text}") : NotALine("provider id");

    /// <summary>Sets the cabinet a machine stands in; empty takes it away.</summary>
    public static Proposal SetCabinet(Machine machine, string text) =>
        IsLine(text) ? Put(machine, machine with { Cabinet = OrNull(text) }, $"set cabinet to {text}") : NotALine("cabinet");

    /// <summary>Sets what operators wrote down about a machine; empty takes it away.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="text">At most <see cref="MaxNotes"/> bytes of printable UTF-8, tabs and line ends.</param>
    public static Proposal SetNotes(Machine machine, string text) =>
        Encoding.UTF8.GetByteCount(text) is > MaxNotes and var length ? Invalid($"The notes have {length} bytes; at most {MaxNotes} are allowed.")
        : !text.EnumerateRunes().All(IsWritten) ? Invalid("The notes must be printable text: control characters other than tabs and line ends, and invisible ones, are not allowed.")
        // The text itself is in the record, and may have many lines.
        : Put(machine, machine with { Notes = OrNull(text) }, text.Length > 0 ? "set notes" : "removed notes");

    /// <summary>Sets the address of a machine's BMC.</summary>
    public static Proposal SetBmcAddress(Machine machine, Ipv4 address) =>
        Put(machine, machine with { BmcAddress = address }, $"set BMC address to {address}");

    /// <summary>
    /// Sets a machine's MACs, in place of all it had, the boot interface's first: a card moved in or out. Another machine may have one of
    /// them on record still; it is told apart by the rest. A claim that was noted before is settled by it, or comes again.
    /// </summary>
    public static Proposal SetMacs(ClusterSnapshot snapshot, Machine machine, ImmutableArray<MacAddress> macs) =>
        macs.IsEmpty || macs.Length > MaxMacs || macs.Distinct().Count() != macs.Length
            ? Invalid($"A machine needs 1 to {MaxMacs} MACs, each only once.")
            : Put(machine, machine with { MacAddresses = macs, Conflict = null }, $"set MACs to {string.Join(", ", macs.Select(mac => snapshot.OwnersOf(mac).Without(machine.Serial).First is { } owner ? $"{mac} (machine {owner} has it too)" : $"{mac}"))}");

    /// <summary>The first of a machine's MACs that another one has on record too, and that other's serial; null: none.</summary>
    public static (MacAddress Mac, Serial Other)? SharedMac(ClusterSnapshot snapshot, Machine machine)
    {
        foreach (var mac in machine.MacAddresses)
        {
            if (snapshot.OwnersOf(mac).Without(machine.Serial).First is { } other)
            {
                return (mac, other);
            }
        }

        return null;
    }

    /// <summary>Sets a machine's DMI UUID: its board was replaced, or its firmware tells another one since an update.</summary>
    /// <param name="snapshot">The cluster as it is.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="uuid">The UUID; null: it has none that tells it from others.</param>
    public static Proposal SetUuid(ClusterSnapshot snapshot, Machine machine, Guid? uuid) =>
        uuid is { } id && Placeholders.IsPlaceholder(id)
            ? Invalid($"{id} is a placeholder that many machines share, so it does not identify one.")
            : uuid is { } wanted && !snapshot.IsShared(wanted) && snapshot.OwnersOf(wanted).Without(machine.Serial).First is { } owner
            ? Proposal.Refused(RefusalReason.Conflict,
                $"Machine {owner} has the UUID {wanted:D}, and a UUID that two machines share identifies neither. If {owner} no longer has it, remove it there first: mayuctl set {owner} uuid \"\"")
            : Put(machine, machine with { Uuid = uuid, Conflict = null }, $"set UUID to {uuid?.ToString("D") ?? "none"}");

    /// <summary>Removes a machine's record. Its address and its slot are free again, its history stays.</summary>
    public static Proposal Delete(Machine machine, bool force) =>
        machine.State is MachineState.Installed or MachineState.Running && machine.Enabled && !force
            ? Proposal.Refused(RefusalReason.StateForbids,
                $"Machine {machine.Serial} is {Lifecycle.NameOf(machine.State)}. Without its record it would be treated as a new machine and installed at its next network boot. "
                + $"Disable it first (mayuctl set {machine.Serial} enabled false), or use --force.")
            : new Proposal.Delete(machine, "deleted");

    private static List<Refusal> WrongTags(ImmutableArray<string> tags) =>
    [
        .. from tag in tags.Index()
           where !Tag.IsValid(tag.Item)
           select new Refusal(RefusalReason.Invalid, $"\"{Shown(tag.Item)}\" is not a tag: write NAME=VALUE (like role=core), at most {Tag.MaxLength} characters, without a comma.").Of($"{tag.Index}"),
    ];

    private static ImmutableArray<string> TagsAfterMove(Machine machine, ClusterPlan plan, Profile wanted) =>
        plan.FindProfile(machine.Profile) is { } old && !machine.Metadata.SequenceEqual(old.Tags) && !machine.Metadata.IsEmpty
            ? machine.Metadata
            : wanted.Tags;

    internal static Refusal NoProfile(ClusterPlan plan, string profile) => new(RefusalReason.Invalid,
        $"There is no profile \"{Shown(profile)}\"; the configuration has {string.Join(", ", plan.Profiles.Select(p => p.Name))}.");

    private static Proposal Put(Machine machine, Machine next, string what) =>
        next.IsSameAs(machine) ? new Proposal.Nothing(machine) : new Proposal.Put(next, what);

    private static Proposal Invalid(string detail) => Proposal.Refused(RefusalReason.Invalid, detail);

    private static Proposal.Refuse InvalidValue(string detail) => new(new Refusal(RefusalReason.Invalid, detail).Of("value"));

    private static Proposal NotALine(string what) => Invalid($"A {what} must be one line of at most {MaxText} printable characters.");

    private static bool IsLine(string text) => text.Length <= MaxText && !text.Any(char.IsControl);

    // A half of a surrogate pair becomes U+FFFD as it is enumerated.
    private static bool IsWritten(Rune rune) => rune.Value is '\n' or '\t' || (rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));

    private static string? OrNull(string text) => text.Length > 0 ? text : null;

    private static string Shown(string text) => new([.. text.Take(64).Select(c => char.IsControl(c) ? '?' : c)]);

    private static bool IsVariable(string name) =>
        name.Length is > 0 and <= MaxText && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
