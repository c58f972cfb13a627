using System.Net.Http.Json;
using Mayu.Client.Contracts;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;

namespace Mayu.Ctl.Simulate;

/// <summary>The discovery system's part: an address, the first-stage script, the facts of an invented machine, and the config that they bring.</summary>
internal sealed class RegistrationSimulation(SimulatedMachine machine, DhcpExchange dhcp, HttpDownload http)
{
    private const long LargestConfig = 16L << 20;

    /// <summary>Registers.</summary>
    /// <param name="server">The boot listener.</param>
    /// <param name="serial">The machine.</param>
    /// <param name="token">The boot token; null: its script told none.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SimulationFailure">It is refused.</exception>
    public async Task RunAsync(string server, string serial, string? token, CancellationToken cancellation)
    {
        await dhcp.LeaseAsync(machine.Firmware with { Kind = PxeClientKind.Plain }, cancellation);
        await http.FetchAsync("first-stage", new HttpRequestMessage(HttpMethod.Get, $"{server}/first-stage-script/{Uri.EscapeDataString(serial)}"), LargestConfig, null, cancellation);
        // The config itself is neither kept nor shown: it may hold secrets.
        var request = new HttpRequestMessage(HttpMethod.Post, $"{server}/provisioning-config") { Content = JsonContent.Create(Facts(serial), BootJsonContext.Default.FactsReport) };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        await http.FetchAsync("config", request, LargestConfig, null, cancellation);
    }

    private FactsReport Facts(string serial) => new()
    {
        Serial = serial,
        Uuid = machine.Uuid.ToString("D"),
        NetDevs = [new NetDev { Name = "eth0", MacAddress = machine.HardwareAddress.ToString(), Driver = "simulated", SpeedMbps = 10_000, Link = true }],
        ConnectedNIC = "eth0",
        Firmware = machine.IsUefi ? "uefi" : "bios",
        Dmi = new DmiFacts { Vendor = "Mayu", Product = "Simulated", Serial = serial, Uuid = machine.Uuid.ToString("D") },
        Disks = [new DiskFacts { Name = "sda", SizeBytes = 1L << 40, Model = "Simulated", Serial = "simulated" }],
        Cpu = new CpuFacts { Model = "Simulated", Sockets = 2, Cores = 32, Threads = 64 },
        MemoryBytes = 256L << 30,
    };
}
