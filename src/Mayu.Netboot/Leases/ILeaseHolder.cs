namespace Mayu.Netboot.Leases;

/// <summary>Gives leases, which the journal keeps. Called on the journal's own thread.</summary>
internal interface ILeaseHolder
{
    /// <summary>All its leases that outlive a restart.</summary>
    IReadOnlyList<LeaseRecord> Records();

    /// <summary>Records are durable: what clients are told because of them can go out.</summary>
    /// <param name="durable">Up to which number they are.</param>
    void Release(long durable);
}
