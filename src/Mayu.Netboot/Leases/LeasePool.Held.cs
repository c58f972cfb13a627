using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

// Addresses that rest, since somebody is said to be there.
internal sealed partial class LeasePool
{
    /// <summary>Somebody else was found at the client's address: nobody gets it for <see cref="HoldTime"/>.</summary>
    /// <returns>False when it has no such lease.</returns>
    public bool TryHold(MacAddress client, Ipv4 address)
    {
        if (!_byClient.TryGetValue(client, out var lease) || lease.Address != address)
        {
            return false;
        }

        Hold(lease, isKnown: false);
        return true;
    }

    /// <summary>A held address is free again at once: who made it rest is not believed any more.</summary>
    public void EndHold(Ipv4 address)
    {
        if (_byAddress.TryGetValue(address, out var lease) && lease.State == LeaseState.Held && !_known.IsTaken(address))
        {
            Free(lease);
        }
    }

    // The last resort of a known machine, where nothing is left at which nobody answered: who is said to be there is more likely one that answers
    // for every address. The wire is not asked once more: he would answer again. The one that has rested longest comes first.
    private Lease? TakeHeld(MacAddress client)
    {
        for (var node = _strangers[(int)LeaseState.Held].First; node is not null; node = node.Next)
        {
            if (!_known.IsTaken(node.Value.Address))
            {
                var lease = node.Value;
                Move(lease, LeaseState.Offered, isKnown: true);
                lease.IsProbed = true;
                Assign(lease, client);
                return lease;
            }
        }

        return null;
    }

    private void Hold(Lease lease, bool isKnown)
    {
        if (lease.Client is { } client)
        {
            _byClient.Remove(client);
            _table?.Remove(lease.Address, client);
            lease.Client = null;
        }

        Move(lease, LeaseState.Held, isKnown);
        Tell(lease, LeaseRecordKind.Held);
    }
}
