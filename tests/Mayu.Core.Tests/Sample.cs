using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Assignment;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Core.Tests;

/// <summary>Small valid values to start a test from.</summary>
internal static class Sample
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static NetworkPlan Network { get; } = new()
    {
        Subnet = Subnet("10.0.0.0/24"),
        ServerAddress = Address("10.0.0.1"),
        BootstrapRange = Range("10.0.0.100", "10.0.0.199"),
        Router = Address("10.0.0.1"),
        Dns = [Address("10.0.0.1")],
    };

    public static Serial Serial(string text) =>
        Primitives.Serial.TryParse(text, out var serial, out var refusal) ? serial : throw new ArgumentException(refusal, nameof(text));

    public static MacAddress Mac(int number) => MacAddress.FromOctets([0x52, 0x54, 0, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    public static Ipv4 Address(string text) => Ipv4.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));

    public static Ipv4Range Range(string start, string end) => new(Address(start), Address(end));

    public static Ipv4Subnet Subnet(string text) => Ipv4Subnet.TryParse(text, out var subnet) ? subnet! : throw new ArgumentException(text, nameof(text));

    public static Profile Profile(string name, int quantity = 1) => new() { Name = name, Quantity = quantity, Image = "os", Template = "default" };

    public static Machine Machine(string serial, MachineState state = MachineState.Configured) => new()
    {
        Serial = Serial(serial),
        State = state,
        Profile = "core",
        InternalAddress = Address("10.0.0.10"),
        MacAddresses = [Mac(1)],
        MachineId = "0123456789abcdef0123456789abcdef",
    };

    public static ClusterPlan Plan(Ipv4Range range, params Profile[] profiles) =>
        new() { Profiles = [.. profiles, Profile(Core.Profiles.Profile.DefaultName)], InternalRange = range };

    /// <summary>What a machine of this DMI serial says; null: of a placeholder.</summary>
    public static FactsReceived Facts(string? serial, int mac = 1, Guid? uuid = null) => Facts(serial, [Mac(mac)], uuid);

    public static FactsReceived Facts(string? serial, ImmutableArray<MacAddress> macs, Guid? uuid = null) => new()
    {
        Evidence = IdentityRule.BySerial.Read(new DmiClaims(serial, null, uuid), macs.IsEmpty ? null : macs[0]) with { AllMacs = macs },
        MacAddresses = macs,
        Uuid = uuid,
    };
}
