using Mayu.Core.Boot;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Primitives;

namespace Mayu.Server.Decisions;

/// <summary>Asks who it is, and then the planner: every protocol gets its boot answers here.</summary>
/// <param name="store">The machines.</param>
/// <param name="plan">The profiles as they are now.</param>
/// <param name="rule">What machines are told apart by.</param>
/// <param name="heard">What was said with which MAC lately.</param>
/// <param name="trace">Who asked for a boot script.</param>
internal sealed class BootDecisions(IMachineStore store, Func<ClusterPlan> plan, IdentityRule rule, Heard heard, BootTrace trace) : IBootAnswers, IDnsmasqMachines
{
    // Made once for each configuration: DHCP asks for each packet.
    private Planned? _planned;
    private Seen? _seen;

    /// <summary>What machines are told apart by.</summary>
    public IdentityRule Rule => rule;

    /// <summary>Who says this.</summary>
    public ResolvedIdentity Identify(in Evidence evidence) => IdentityResolver.Resolve(evidence, store.Current, heard);

    /// <summary>Who says this, whatever was said with its MAC before: where the MAC itself is hearsay.</summary>
    public ResolvedIdentity IdentifyAfresh(in Evidence evidence) => IdentityResolver.Resolve(evidence, store.Current, heard: null);

    /// <summary>Who has this interface, as far as it is known.</summary>
    public ResolvedIdentity Identify(MacAddress mac) => Identify(new Evidence { BootMac = mac });

    /// <summary>
    /// What who says this is called: a known machine by its serial, everybody else by what a new record would be called. Nobody else's
    /// record has that name.
    /// </summary>
    /// <returns>Null where nothing tells it from others.</returns>
    public Serial? NameOf(in Evidence evidence) => NameOf(evidence, Identify(evidence));

    /// <summary>The same, of somebody who was resolved already.</summary>
    public Serial? NameOf(in Evidence evidence, in ResolvedIdentity identity) =>
        identity.Machine is { } machine ? machine.Serial
        : IdentityRule.TryName(evidence, store.Current, out var name, out _) ? name
        : null;

    /// <summary>The answer for somebody.</summary>
    public BootAnswer AnswerFor(in ResolvedIdentity identity) =>
        Planner.Plan(identity);

    /// <summary>The answer for the machine that a URL of ours names.</summary>
    public BootAnswer AnswerFor(Serial name) => Plan(store.Current.Find(name));

    /// <inheritdoc/>
    public (Serial? Serial, BootAnswer Answer) AnswerFor(MacAddress mac, Guid? uuid)
    {
        var identity = Identify(rule.Read(new DmiClaims(null, null, uuid), mac));
        return (identity.Machine?.Serial, AnswerFor(identity));
    }

    /// <inheritdoc/>
    public void Note(MacAddress mac, Guid? uuid) => Note(rule.Read(new DmiClaims(null, null, uuid), mac));

    /// <summary>Remembers what somebody says of itself.</summary>
    public void Note(in Evidence evidence)
    {
        if (evidence.BootMac is { } mac)
        {
            heard.Note(mac, evidence.Serial, evidence.Uuid, store.Current.OwnersOf(mac).Count > 0);
        }
    }

    /// <summary>An operator knows better who these are: what was said with them before counts no more, from now on.</summary>
    public void Forget(IEnumerable<MacAddress> macs)
    {
        foreach (var mac in macs)
        {
            heard.Forget(mac);
            trace.Unlink(mac);
        }
    }

    /// <inheritdoc/>
    public int KnownMachines => store.Current.Count;

    /// <inheritdoc/>
    public bool IsKnown(MacAddress mac) => store.Current.OwnersOf(mac).Count > 0;

    /// <summary>Whether machines on record have this MAC, and all of them tell a UUID: who tells another one is none of them.</summary>
    public bool IsKnownWithUuid(MacAddress mac)
    {
        var snapshot = store.Current;
        var owners = snapshot.OwnersOf(mac);
        for (var i = 0; i < owners.Count; i++)
        {
            if (snapshot.Find(owners[i]) is { Uuid: null } owner && !owner.Serial.TryGetUuid(out _))
            {
                return false;
            }
        }

        return owners.Count > 0;
    }

    /// <inheritdoc/>
    public bool HasBooted(MacAddress mac) => trace.SerialOf(mac) is not null;

    /// <inheritdoc/>
    public Ipv4? OwnAddressOf(MacAddress mac)
    {
        var snapshot = store.Current;
        return snapshot.OwnersOf(mac) is { Count: 1 } owners && snapshot.Find(owners[0]) is { InternalAddress: { } address, MacAddresses: [var first, ..] } && first == mac
            ? address
            : null;
    }

    /// <inheritdoc/>
    public bool IsTaken(Ipv4 address) => store.Current.TryFindOwner(address, out _);

    /// <inheritdoc/>
    public object Version
    {
        get
        {
            var (snapshot, planner) = (store.Current, Planner);
            return _seen is { } seen && ReferenceEquals(seen.Snapshot, snapshot) && ReferenceEquals(seen.Planner, planner) ? seen : _seen = new Seen(snapshot, planner);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A MAC that several machines have is left alone for the sake of any of them: a disk that is not written is never lost.</remarks>
    public IEnumerable<MacAddress> UnansweredMacs() => store.Current.Machines
        .Where(machine => Plan(machine).Kind is BootAnswerKind.LocalDisk or BootAnswerKind.Ignore)
        .SelectMany(machine => machine.MacAddresses)
        .Distinct()
        .Order();

    /// <inheritdoc/>
    public IEnumerable<(MacAddress Mac, Ipv4 Address)> OwnAddresses() => store.Current.Machines
        .Where(machine => Plan(machine).Kind is BootAnswerKind.LocalDisk or BootAnswerKind.LocalDiskByScript or BootAnswerKind.Live)
        .SelectMany(machine => machine.MacAddresses.Take(1))
        .Select(mac => (Mac: mac, Address: OwnAddressOf(mac)))
        .Where(own => own.Address is not null)
        .Select(own => (own.Mac, own.Address!.Value))
        .OrderBy(own => own.Mac);

    private BootPlanner Planner
    {
        get
        {
            var (current, planned) = (plan(), Volatile.Read(ref _planned));
            if (planned is null || !ReferenceEquals(planned.Plan, current))
            {
                Volatile.Write(ref _planned, planned = new Planned(current, new BootPlanner(current)));
            }

            return planned.Planner;
        }
    }

    private BootAnswer Plan(Machine? machine) => Planner.Plan(machine);

    private sealed record Planned(ClusterPlan Plan, BootPlanner Planner);

    // What the answers depend on.
    private sealed record Seen(ClusterSnapshot Snapshot, BootPlanner Planner);
}
