using System.Collections.Immutable;
using System.Reflection;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Machines;

/// <summary>Whether two records say the same decides whether anything is written: no property may be left out, and no list is asked whether it is the same object.</summary>
public sealed class SameRecordTests
{
    public static TheoryData<string> OfMachine => [.. Names<Machine>()];

    public static TheoryData<string> OfFacts => [.. Names<MachineFacts>()];

    public static TheoryData<string> OfClaim => [.. Names<IdentityClaim>()];

    [Theory]
    [MemberData(nameof(OfMachine))]
    public void Every_property_of_a_machine_counts(string property) => Check(() => Sample.Machine("a", MachineState.Configured), property, (one, other) => one.IsSameAs(other));

    [Theory]
    [MemberData(nameof(OfFacts))]
    public void Every_property_of_its_facts_counts(string property) => Check(() => new MachineFacts(), property, (one, other) => one.IsSameAs(other));

    [Theory]
    [MemberData(nameof(OfClaim))]
    public void Every_property_of_a_claim_counts(string property) =>
        Check(() => new IdentityClaim(null, null, [Sample.Mac(7)], Sample.Now), property, (one, other) => one.IsSameAs(other));

    private static IEnumerable<string> Names<T>() => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property => property.Name);

    private static void Check<T>(Func<T> make, string name, Func<T, T, bool> isSame)
        where T : notnull
    {
        var property = typeof(T).GetProperty(name)!;
        var (plain, changed, again) = (make(), make(), make());
        property.SetValue(changed, Another(property.PropertyType, property.GetValue(plain)));
        property.SetValue(again, Another(property.PropertyType, property.GetValue(plain)));

        Assert.True(isSame(plain, make()));
        Assert.True(isSame(changed, again));
        Assert.False(isSame(plain, changed));
        Assert.False(isSame(changed, plain));
    }

    // Made anew each time, and unlike what the samples have.
    private static object Another(Type type, object? former) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var plain when plain == typeof(string) => "another",
        var plain when plain == typeof(bool) => former is not true,
        var plain when plain == typeof(int) => 7,
        var plain when plain == typeof(long) => 7L,
        var plain when plain == typeof(Guid) => Guid.Parse("11111111-2222-3333-4444-555555555555"),
        var plain when plain == typeof(DateTimeOffset) => Sample.Now.AddDays(7),
        var plain when plain == typeof(MacAddress) => Sample.Mac(77),
        var plain when plain == typeof(Ipv4) => Sample.Address("10.9.9.9"),
        var plain when plain == typeof(Serial) => Sample.Serial("another"),
        var plain when plain == typeof(MachineState) => MachineState.Running,
        var plain when plain == typeof(ImmutableArray<MacAddress>) => ImmutableArray.Create(Sample.Mac(78)),
        var plain when plain == typeof(ImmutableArray<string>) => ImmutableArray.Create("role=another"),
        var plain when plain == typeof(ImmutableArray<Serial>) => ImmutableArray.Create(Sample.Serial("another")),
        var plain when plain == typeof(IReadOnlyList<NetDev>) => new[] { new NetDev { Name = "eth7" } },
        var plain when plain == typeof(IReadOnlyList<DiskFacts>) => new[] { new DiskFacts { Name = "sda" } },
        var plain when plain == typeof(ImmutableSortedDictionary<string, string>) => Machine.NoStrings.Add("another", "text"),
        var plain when plain == typeof(ImmutableSortedDictionary<string, Ipv4>) => Machine.NoAddresses.Add("eth7", Sample.Address("10.9.9.9")),
        var plain when plain == typeof(IdentityClaim) => new IdentityClaim(null, null, [Sample.Mac(79)], Sample.Now),
        var plain when plain == typeof(DmiFacts) => new DmiFacts { Vendor = "another" },
        var plain when plain == typeof(CpuFacts) => new CpuFacts { Sockets = 7 },
        var plain when plain == typeof(MachineFacts) => new MachineFacts { Disks = [new DiskFacts { Name = "sda" }] },
        var plain => throw new InvalidOperationException($"This test needs a value of {plain}."),
    };
}
