using System.Globalization;
using Mayu.Client.Contracts;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;

namespace Mayu.Bench.Smoke;

/// <summary>Who a simulated machine says it is: an empty server with two NICs and one disk.</summary>
internal sealed class SimulatedMachine
{
    private readonly byte[] _mac;

    /// <param name="number">Its place in the rack, from 1 to 65535.</param>
    public SimulatedMachine(int number)
    {
        Number = (ushort)number;
        Serial = string.Create(CultureInfo.InvariantCulture, $"bench-{number:0000}");
        _mac = [0x02, 0xB0, 0x00, 0x00, (byte)(number >> 8), (byte)number];
        Uuid = new Guid(number, 0x4d61, 0x4975, [0x8a, 0, .. _mac]);
        Client = new BootClient
        {
            HardwareAddress = new HardwareAddress(HardwareAddress.Ethernet, _mac),
            Kind = PxeClientKind.Ipxe,
            Architecture = ClientArchitecture.UefiX64,
            Uuid = Uuid,
        };
        Facts = MakeFacts();
    }

    public ushort Number { get; }

    public string Serial { get; }

    public Guid Uuid { get; }

    public FactsReport Facts { get; }

    /// <summary>It speaks as an iPXE that was loaded by x64 UEFI firmware.</summary>
    public BootClient Client { get; }

    /// <summary>As iPXE's <c>:hexhyp</c> prints it.</summary>
    public string MacWithHyphens => Convert.ToHexStringLower(_mac).Chunk(2).Select(pair => new string(pair)).Aggregate((left, right) => $"{left}-{right}");

    private FactsReport MakeFacts()
    {
        var mac = Client.HardwareAddress.ToString();
        return new FactsReport
        {
            Serial = Serial,
            Uuid = Uuid.ToString("D"),
            NetDevs =
            [
                new NetDev { Name = "eth0", MacAddress = mac, Driver = "ixgbe", SpeedMbps = 10_000, Link = true },
                new NetDev { Name = "eth1", MacAddress = $"06{mac[2..]}", Driver = "ixgbe", Link = false },
            ],
            ConnectedNIC = "eth0",
            Firmware = "uefi",
            Dmi = new DmiFacts { Vendor = "Bench", Product = "Simulated", Serial = Serial, Uuid = Uuid.ToString("D") },
            Disks = [new DiskFacts { Name = "nvme0n1", SizeBytes = 480_103_981_056, Model = "Simulated", Serial = $"disk-{Number}", Rotational = false }],
            Cpu = new CpuFacts { Model = "Simulated", Sockets = 2, Cores = 32, Threads = 64 },
            MemoryBytes = 256L << 30,
        };
    }
}
