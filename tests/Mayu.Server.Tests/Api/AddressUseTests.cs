using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Mayu.Server.Api.Status;

namespace Mayu.Server.Tests.Api;

public sealed class AddressUseTests
{
    [Fact]
    public void What_is_free_is_what_the_plan_would_give_however_ranges_overlap()
    {
        var plan = new ClusterPlan
        {
            Profiles = [new Profile { Name = Profile.DefaultName, Image = "os", Template = "default" }],
            InternalRange = Range("10.0.0.10", "10.0.0.60"),
            TakenAddresses = [Address("10.0.0.1"), Address("10.0.0.11"), Address("10.0.0.21")],
            ExcludedRanges = [Range("10.0.0.20", "10.0.0.29"), Range("10.0.0.25", "10.0.0.34"), Range("10.0.0.1", "10.0.0.10"), Range("10.0.0.60", "10.0.0.70")],
            OccupiedAddresses = [Address("10.0.0.28"), Address("10.0.0.40"), Address("10.0.0.41"), Address("10.0.0.200")],
        };
        Assert.True(PinKey.TryParse("b", out var key, out _));
        Assert.True(Serial.TryParse("a", out var serial, out _));
        var snapshot = ClusterSnapshot.Empty
            // It had its address before that was excluded, and somebody else answers under it.
            .With(new Machine { Serial = serial, State = MachineState.Running, InternalAddress = Address("10.0.0.28") })
            .With(new Pin(key) { Address = Address("10.0.0.41") });

        var pool = Assert.Single(AddressUse.Of(snapshot, plan));

        var free = Enumerable.Range(10, 51).Count(last => plan.WhyNotFree(snapshot, Address($"10.0.0.{last}")) is null);
        Assert.Equal((51, 1, 1, 17, 1, free), (pool.Size, pool.Used, pool.Reserved, pool.Excluded, pool.Occupied, pool.Free));
        Assert.Equal(pool.Size, pool.Used + pool.Reserved + pool.Excluded + pool.Occupied + pool.Free);
    }

    private static Ipv4 Address(string text) => Ipv4.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));

    private static Ipv4Range Range(string start, string end) => new(Address(start), Address(end));
}
