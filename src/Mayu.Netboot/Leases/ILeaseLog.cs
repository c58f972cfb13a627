namespace Mayu.Netboot.Leases;

/// <summary>Hears of every lease, so that it outlives a restart. Never waits for the disk. Safe from any thread.</summary>
internal interface ILeaseLog
{
    /// <summary>The number of the newest record; what a client is told because of it goes out when <see cref="Durable"/> has reached it.</summary>
    long Newest { get; }

    /// <summary>Up to which number the records are on the disk, or will never be: then the log says so, and clients are served all the same.</summary>
    long Durable { get; }

    /// <summary>Takes a record.</summary>
    void Append(in LeaseRecord record);
}
