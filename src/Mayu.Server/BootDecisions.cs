using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Server.Dhcp;

namespace Mayu.Server;

/// <summary>Finds who is asking, and asks the one brain: every mouth gets its boot answers here.</summary>
internal sealed class BootDecisions(IMachineStore store, ClusterPlan plan, BootTrace trace) : IBootAnswers, ILeftAlone
{
    /// <summary>The answer for the machine of a serial.</summary>
    public BootAnswer AnswerFor(Serial serial) => Plan(store.Current.Find(serial));

    /// <summary>The answer for somebody who says a serial, and perhaps a MAC and a UUID that do not go with it.</summary>
    public BootAnswer AnswerFor(Serial serial, MacAddress? mac, Guid? uuid)
    {
        var snapshot = store.Current;
        if (snapshot.Find(serial) is { } machine)
        {
            return Plan(machine, IdentityConflict.IsAnother(machine, uuid, mac));
        }

        // Firmware that lost its serial: the network card's machine has a system, and DHCP leaves it alone. So do the scripts.
        return mac is { } nic && Plan(snapshot.Find(nic)) is { BootsFromNetwork: false } answer ? answer : Plan(machine: null);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A machine that was replaced in its chassis keeps the UUID, one whose NIC was replaced keeps neither: the MAC decides,
    /// then the serial that it gave before, then the UUID.
    /// </remarks>
    public (Serial? Serial, BootAnswer Answer) AnswerFor(MacAddress mac, Guid? uuid)
    {
        var snapshot = store.Current;
        var machine = snapshot.Find(mac)
            ?? (trace.SerialOf(mac) is { } serial ? snapshot.Find(serial) : null)
            ?? (uuid is { } id ? snapshot.Find(id) : null);
        return (machine?.Serial, Plan(machine));
    }

    /// <summary>The answer for a loader that tells no serial, but a MAC, a UUID or both.</summary>
    public (Serial? Serial, BootAnswer Answer) AnswerFor(MacAddress? mac, Guid? uuid)
    {
        if (mac is { } nic)
        {
            return AnswerFor(nic, uuid);
        }

        var machine = uuid is { } id ? store.Current.Find(id) : null;
        return (machine?.Serial, Plan(machine));
    }

    /// <summary>The answer for a loader that tells nothing.</summary>
    public BootAnswer AnswerForUnknown() => Plan(machine: null);

    /// <inheritdoc/>
    public int KnownMachines => store.Current.Count;

    /// <inheritdoc/>
    public bool IsKnown(MacAddress mac) => store.Current.Find(mac) is not null;

    /// <inheritdoc/>
    public bool HasBooted(MacAddress mac) => trace.SerialOf(mac) is not null;

    /// <inheritdoc/>
    public Ipv4? OwnAddressOf(MacAddress mac) =>
        store.Current.Find(mac) is { InternalAddress: { } address } machine && machine.MacAddresses[0] == mac ? address : null;

    /// <inheritdoc/>
    public bool IsTaken(Ipv4 address) => store.Current.TryFindOwner(address, out _);

    /// <inheritdoc/>
    public object Version => store.Current;

    /// <inheritdoc/>
    public IEnumerable<MacAddress> LeftAlone()
    {
        var snapshot = store.Current;
        return snapshot.Machines
            .Where(machine => Plan(machine).Kind is BootAnswerKind.LocalDisk or BootAnswerKind.Ignore)
            .SelectMany(machine => machine.MacAddresses.Where(mac => snapshot.Find(mac) == machine))
            .Order();
    }

    /// <inheritdoc/>
    public IEnumerable<(MacAddress Mac, Ipv4 Address)> OwnAddresses() => store.Current.Machines
        .Where(machine => Plan(machine).Kind is BootAnswerKind.LocalDisk or BootAnswerKind.LocalDiskByScript or BootAnswerKind.Live)
        .SelectMany(machine => machine.MacAddresses.Take(1))
        .Select(mac => (Mac: mac, Address: OwnAddressOf(mac)))
        .Where(own => own.Address is not null)
        .Select(own => (own.Mac, own.Address!.Value))
        .OrderBy(own => own.Mac);

    private BootAnswer Plan(Machine? machine, bool isAnother = false) => BootPlanner.Plan(machine, plan.FindProfile(machine?.Profile), isAnother);
}
