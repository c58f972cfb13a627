namespace Mayu.Netboot.Leases;

/// <summary>What the file of leases says about an address.</summary>
internal enum LeaseRecordKind
{
    /// <summary>It is leased.</summary>
    Lease,

    /// <summary>It is leased for a short time, to a stranger who had not booted yet.</summary>
    Trial,

    /// <summary>Its client gave it back.</summary>
    Released,

    /// <summary>Somebody else uses it: it rests.</summary>
    Held,

    /// <summary>Nobody has it: its client has another one.</summary>
    Free,
}
