using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Profiles;

public class ProfileRequirementsTests
{
    private static readonly MachineFacts Facts = new()
    {
        Dmi = new DmiFacts { Vendor = "Dell Inc.", Product = "PowerEdge R640" },
        MemoryBytes = 64L << 30,
        Cpu = new CpuFacts { Sockets = 1, Cores = 8, Threads = 16 },
        NetDevs = [Nic("eth0", 1, 10_000), Nic("eth1", 2, 1_000), Nic("eth2", 3, null)],
        Disks = [Disk("sda", 500, removable: false), Disk("sdb", 9_000, removable: true)],
    };

    public static TheoryData<string, string?> Cases => new()
    {
        { "nothing", null },
        { "memory", null },
        { "memory+", "it has 64 GiB of memory, 65 GiB are required" },
        { "disk", null },
        { "disk+", "it has 500 GiB on its largest disk, 501 GiB are required" },
        { "cpu+", "it has 16 CPU threads, 17 are required" },
        { "nics", null },
        { "nics+", "it has 3 network interfaces, 4 are required" },
        { "speed", null },
        { "speed+", "it has 1 interfaces of 10000 Mbit/s, 2 are required" },
        { "vendor", null },
        { "vendor+", "its vendor is \"Dell Inc.\", \"HPE*\" is required" },
        { "product", null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_machine_lacks_is_named(string name, string? expected) => Assert.Equal(expected, Of(name).Unmet(Facts));

    [Fact]
    public void Hardware_that_is_not_known_meets_no_requirement()
    {
        Assert.NotNull(Of("memory").Unmet(null));
        Assert.Null(ProfileRequirements.None.Unmet(null));
    }

    private static ProfileRequirements Of(string name) => name switch
    {
        "nothing" => ProfileRequirements.None,
        "memory" => new() { MemoryBytes = 64L << 30 },
        "memory+" => new() { MemoryBytes = 65L << 30 },
        "disk" => new() { DiskBytes = 500L << 30 },
        "disk+" => new() { DiskBytes = 501L << 30 },
        "cpu+" => new() { CpuThreads = 17 },
        "nics" => new() { Nics = 3 },
        "nics+" => new() { Nics = 4 },
        "speed" => new() { NicSpeedMbps = 10_000 },
        "speed+" => new() { NicSpeedMbps = 10_000, Nics = 2 },
        "vendor" => new() { Vendor = "dell*" },
        "vendor+" => new() { Vendor = "HPE*" },
        _ => new() { Product = "*R640" },
    };

    private static NetDev Nic(string name, int mac, int? speed) => new() { Name = name, MacAddress = Sample.Mac(mac).ToString(), SpeedMbps = speed, Link = true };

    private static DiskFacts Disk(string name, long gib, bool removable) => new() { Name = name, SizeBytes = gib << 30, Removable = removable };
}
