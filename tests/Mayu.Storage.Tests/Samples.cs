using System.Collections.Immutable;
using Mayu.Core.Assignment;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Storage.Tests;

/// <summary>Machines and plans to test with.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static readonly Author Operator = new("ada", "the rack moved");

    public static Serial Serial(string text) =>
        Primitives.Serial.TryParse(text, out var serial, out var refusal) ? serial : throw new ArgumentException(refusal, nameof(text));

    public static Ipv4 Address(string text) => Ipv4.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));

    public static MacAddress Mac(int number) =>
        MacAddress.FromOctets([0x52, 0x54, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    public static Machine Machine(string serial) => new() { Serial = Serial(serial), State = MachineState.Unknown, FirstSeen = Now };

    public static Machine FullMachine(string serial) => Machine(serial) with
    {
        State = MachineState.Running,
        Enabled = false,
        Uuid = Guid.Parse("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"),
        MacAddresses = [Mac(1), Mac(2)],
        ConnectedNic = "eth0",
        Profile = "core",
        InternalAddress = Address("10.0.0.7"),
        AdditionalAddresses = Core.Machines.Machine.NoAddresses.Add("eth1", Address("10.2.0.7")).Add("eth2", Address("10.3.0.7")),
        ProviderId = "provider-7",
        Cabinet = "7a",
        Notes = "PSU 2 is broken\n\t\"spare\" <ordered>: Łódź",
        Conflict = new IdentityClaim(Serial("other"), Guid.Parse("11111111-2222-3333-4444-555555555555"), [Mac(70), Mac(71)], Now.AddDays(1))
        {
            Why = "it has the serial of machine a",
            Remedy = "ask",
            Others = [Serial("b"), Serial("c/d")],
        },
        SaidSerial = Serial("said-7"),
        SharesSerial = true,
        SharesUuid = true,
        Hostname = "node-7",
        MachineId = "0123456789abcdef0123456789abcdef",
        BmcAddress = Address("10.1.0.7"),
        Image = "debian-13",
        InstallId = "00112233445566778899aabbccddeeff",
        InstalledProfile = "storage",
        KeepDiskData = true,
        Metadata = ["role=core", "rack=ü+<1>"],
        Versions = Core.Machines.Machine.NoStrings.Add("OS", "13.1").Add("Kernel", "6.12"),
        Overrides = Core.Machines.Machine.NoStrings.Add("disk", "/dev/sdb"),
        LastBoot = Now.AddMinutes(3).AddMilliseconds(25),
        Facts = new MachineFacts
        {
            Firmware = "uefi",
            Dmi = new DmiFacts { Vendor = "QEMU", Product = "Standard PC" },
            MemoryBytes = 8L << 30,
            Cpu = new CpuFacts { Model = "Xeon", Sockets = 2, Cores = 16, Threads = 32 },
            IPMIMacAddress = Mac(9).ToString(),
            NetDevs = [new NetDev { Name = "eth0", MacAddress = Mac(1).ToString(), Driver = "virtio_net", SpeedMbps = 10_000, Link = true }],
            Disks = [new DiskFacts { Name = "sda", SizeBytes = 1L << 40, Model = "QEMU DISK", Serial = "s1", Wwn = "0x5000", Rotational = true }],
        },
    };

    /// <summary>A decision that adds this record whatever is there.</summary>
    public static Func<ClusterSnapshot, Proposal> Add(Machine machine, string what = "added") => _ => new Proposal.Put(machine, what);

    /// <summary>A decision that deletes a machine.</summary>
    public static Func<ClusterSnapshot, Proposal> Delete(Serial serial, string what = "deleted") => snapshot => new Proposal.Delete(snapshot.Find(serial)!, what);

    /// <summary>A decision that puts a pin.</summary>
    public static Func<ClusterSnapshot, Proposal> PutPin(Pin pin, string what = "pinned") => _ => new Proposal.PutPin(pin, what);

    public static PinKey Key(string text) => PinKey.TryParse(text, out var key, out var refusal) ? key : throw new ArgumentException(refusal, nameof(text));

    /// <summary>A decision that adds one to a counter in the machine's overrides.</summary>
    public static Func<ClusterSnapshot, Proposal> Count(Serial serial, string counter) => snapshot =>
    {
        var machine = snapshot.Find(serial)!;
        var value = int.Parse(machine.Overrides.GetValueOrDefault(counter, "0")) + 1;
        return new Proposal.Put(machine with { Overrides = machine.Overrides.SetItem(counter, value.ToString()) }, $"set {counter} to {value}");
    };

    public static FactsReceived Facts(int number) => new()
    {
        Evidence = new Evidence { Serial = Serial($"machine-{number:d4}"), BootMac = Mac(number + 1), AllMacs = [Mac(number + 1)] },
        MacAddresses = [Mac(number + 1)],
        ConnectedNic = "eth0",
    };

    public static ClusterPlan Plan(int coreSlots, int addresses) => new()
    {
        Profiles =
        [
            new Profile { Name = "core", Quantity = coreSlots, Image = "i", Template = "core", Tags = ["role=core"] },
            new Profile { Name = Profile.DefaultName, Image = "i", Template = "worker" },
        ],
        InternalRange = new Ipv4Range(Address("10.0.0.1"), new Ipv4(Address("10.0.0.0").Value + (uint)addresses)),
    };
}
