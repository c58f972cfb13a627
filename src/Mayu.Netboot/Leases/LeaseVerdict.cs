namespace Mayu.Netboot.Leases;

/// <summary>What the pool says when a client asks to have a certain address.</summary>
internal enum LeaseVerdict
{
    /// <summary>It has it.</summary>
    Bound,

    /// <summary>The address is none of this pool's: another server's, or nobody's.</summary>
    NotOurs,

    /// <summary>Somebody else has it.</summary>
    Taken,

    /// <summary>The client has another one.</summary>
    HasAnother,

    /// <summary>It would be free, but the rest of the pool is kept for known machines.</summary>
    Full,
}
