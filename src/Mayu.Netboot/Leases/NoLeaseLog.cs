namespace Mayu.Netboot.Leases;

/// <summary>Leases that live in memory only.</summary>
internal sealed class NoLeaseLog : ILeaseLog
{
    public static NoLeaseLog Instance { get; } = new();

    public long Newest => 0;

    public long Durable => 0;

    public void Append(in LeaseRecord record)
    {
    }
}
