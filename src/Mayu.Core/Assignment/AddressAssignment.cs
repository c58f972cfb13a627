using System.Collections.Immutable;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Core.Assignment;

/// <summary>The addresses of a machine: those it has stay, a pin's go before any other, the rest come from their pools.</summary>
/// <param name="Primary">Its internal address.</param>
/// <param name="Additional">Those of its further interfaces, by interface name.</param>
/// <param name="Refused">Why it gets none: a pool is full, or the pinned one was taken by somebody else.</param>
public sealed record AddressAssignment(Ipv4? Primary, ImmutableSortedDictionary<string, Ipv4> Additional, Refusal? Refused)
{
    /// <summary>Decides.</summary>
    /// <param name="others">The cluster without the pins that are meant for this machine.</param>
    /// <param name="plan">The pools.</param>
    /// <param name="serial">The machine.</param>
    /// <param name="known">Its record, if it has one.</param>
    /// <param name="pins">Its pins, the strongest first.</param>
    internal static AddressAssignment Decide(ClusterSnapshot others, ClusterPlan plan, Serial serial, Machine? known, ImmutableArray<Pin> pins)
    {
        var primary = known?.InternalAddress;
        if (primary is null && pins.FirstOrDefault(pin => pin.Address is not null) is { Address: { } reserved } reservation)
        {
            if (plan.WhyNotInternal(others, reserved) is { } reason)
            {
                return Refuse(RefusalReason.Conflict,
                    $"Machine {serial} cannot get the address {reserved}, which {reservation.Key} reserves for it: {reason}. "
                    + $"Reserve another: mayuctl reserve {reservation.Key} ADDRESS");
            }

            primary = reserved;
        }

        primary ??= plan.ChooseAddress(others);
        if (primary is null)
        {
            return Refuse(RefusalReason.PoolFull,
                $"Machine {serial} gets no address: all of network.internal_range {plan.InternalRange} is in use. "
                + "Widen the range in the configuration, or delete machines that are gone.");
        }

        var additional = known?.AdditionalAddresses ?? Machine.NoAddresses;
        foreach (var nic in plan.ExtraNics.Where(nic => !additional.ContainsKey(nic.Name)))
        {
            if (plan.ChooseAddress(others, nic) is not { } address)
            {
                return Refuse(RefusalReason.PoolFull,
                    $"Machine {serial} gets no address for {nic.Name}: all of that interface's range {nic.Range} is in use. "
                    + "Widen the range in the configuration, or delete machines that are gone.");
            }

            additional = additional.Add(nic.Name, address);
        }

        return new AddressAssignment(primary, additional, null);
    }

    /// <summary>Gives a machine another internal address, because somebody else was found to use the one it was just given.</summary>
    /// <param name="snapshot">The cluster as it is.</param>
    /// <param name="plan">The pools, without the address.</param>
    /// <param name="serial">The machine.</param>
    /// <param name="occupied">The address.</param>
    /// <param name="stranger">Who uses it.</param>
    public static Proposal Avoid(ClusterSnapshot snapshot, ClusterPlan plan, Serial serial, Ipv4 occupied, MacAddress stranger)
    {
        if (snapshot.Find(serial) is not { } machine)
        {
            return Proposal.Refused(RefusalReason.NotFound, $"Machine {serial} was deleted in the meantime.");
        }

        if (machine.InternalAddress != occupied || machine.State is not (MachineState.Unknown or MachineState.Configured))
        {
            return new Proposal.Nothing(machine);
        }

        return plan.ChooseAddress(snapshot) is { } address
            ? new Proposal.Put(machine with { InternalAddress = address }, $"changed the address from {occupied} to {address}: {stranger} answers ARP for {occupied}")
            : new Proposal.Put(machine with { InternalAddress = null }, $"released the address {occupied}: {stranger} answers ARP for it")
            {
                Refusal = new Refusal(RefusalReason.PoolFull,
                    $"Machine {serial} gets no address: all of network.internal_range {plan.InternalRange} is in use, {occupied} by an unknown device with the MAC {stranger}. "
                    + "Widen the range in the configuration, or find that device."),
            };
    }

    private static AddressAssignment Refuse(RefusalReason reason, string detail) =>
        new(null, Machine.NoAddresses, new Refusal(reason, detail));
}
