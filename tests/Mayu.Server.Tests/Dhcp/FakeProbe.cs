using System.Collections.Concurrent;
using Mayu.Core.Addresses;
using Mayu.Server.Wire;

namespace Mayu.Server.Tests.Dhcp;

/// <summary>A wire on which nobody answers before the test says so.</summary>
internal sealed class FakeProbe : IAddressProbe
{
    private readonly ConcurrentDictionary<Ipv4, TaskCompletionSource<string?>> _asked = new();

    private int _count;

    /// <summary>How many questions were asked.</summary>
    public int Count => Volatile.Read(ref _count);

    public Task<string?> FindUserAsync(Ipv4 address, MacAddress client, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        return Of(address).Task.WaitAsync(cancellationToken);
    }

    /// <summary>Says who uses an address; null: nobody. It may be said before somebody asks.</summary>
    public void Say(Ipv4 address, string? user) => Of(address).TrySetResult(user);

    private TaskCompletionSource<string?> Of(Ipv4 address) =>
        _asked.GetOrAdd(address, _ => new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously));
}
