using System.Collections.Concurrent;
using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>A wire on which nobody answers before the test says so.</summary>
internal sealed class FakeProbe : IAddressProbe
{
    private readonly ConcurrentDictionary<Ipv4, TaskCompletionSource<AddressUser?>> _asked = new();

    private int _count;

    /// <summary>How many questions were asked.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Who answers for every address; null: nobody.</summary>
    public MacAddress? Everybody { get; set; }

    /// <summary>Whether whoever answers for every address does it with another MAC each time.</summary>
    public bool IsForgedAnew { get; set; }

    public async Task<AddressUser?> FindUserAsync(Ipv4 address, Func<MacAddress, bool> counts, CancellationToken cancellationToken)
    {
        var count = Interlocked.Increment(ref _count);
        var user = Everybody is { } forger ? new AddressUser(IsForgedAnew ? MacAddress.FromOctets([2, 0xf0, 0, 0, (byte)(count >> 8), (byte)count]) : forger) : await Of(address).Task.WaitAsync(cancellationToken);
        return user is { Mac: { } mac } && !counts(mac) ? null : user;
    }

    /// <summary>Says who uses an address; null: nobody. It may be told before somebody asks.</summary>
    public void Answer(Ipv4 address, string? user) =>
        Of(address).TrySetResult(user is null ? null : new AddressUser(MacAddress.TryParse(user, out var mac) ? mac : null));

    private TaskCompletionSource<AddressUser?> Of(Ipv4 address) =>
        _asked.GetOrAdd(address, _ => new TaskCompletionSource<AddressUser?>(TaskCreationOptions.RunContinuationsAsynchronously));
}
