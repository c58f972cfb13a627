namespace Mayu.Netboot.Leases;

/// <summary>What an address of the pool is in use for.</summary>
internal enum LeaseState
{
    /// <summary>Offered, and held until the client asks for it.</summary>
    Offered,

    /// <summary>Leased for a short time, to somebody whom nobody knows and who has not booted yet.</summary>
    Trial,

    /// <summary>Leased.</summary>
    Bound,

    /// <summary>Given back by its client, who gets it again if nobody needs it meanwhile.</summary>
    Released,

    /// <summary>In use by somebody we do not know, or a machine's own: rests for a while.</summary>
    Held,
}
