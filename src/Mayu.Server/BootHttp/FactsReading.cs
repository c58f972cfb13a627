using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.BootHttp;

/// <summary>Turns a machine's report into facts. What is malformed in details is left out; what identifies it must be right.</summary>
internal static class FactsReading
{
    private const int MaxNics = 64;
    private const int MaxDisks = 1024;
    private const int MaxText = 256;

    /// <summary>Reads a report.</summary>
    /// <param name="report">What came over the wire.</param>
    /// <param name="facts">The facts, when accepted.</param>
    /// <param name="refusal">A sentence for the machine's operator; null when accepted.</param>
    public static bool TryRead(Contracts.FactsReport report, [NotNullWhen(true)] out FactsReceived? facts, [NotNullWhen(false)] out string? refusal)
    {
        facts = null;
        if (string.IsNullOrWhiteSpace(report.Serial))
        {
            refusal = "The facts have no Serial.";
            return false;
        }

        if (report.NetDevs.Count > MaxNics || report.Disks.Count > MaxDisks)
        {
            refusal = $"The facts name {report.NetDevs.Count} network interfaces and {report.Disks.Count} disks; {MaxNics} and {MaxDisks} are allowed.";
            return false;
        }

        if (!TryReadNics(report, out var nics, out refusal))
        {
            return false;
        }

        var uuid = Guid.TryParse(report.Uuid ?? report.Dmi?.Uuid, out var id) && id != Guid.Empty && id != Guid.AllBitsSet ? id : (Guid?)null;
        if (!MachineIdentity.TryDetermine(report.Serial, uuid, nics.IsEmpty ? null : nics[0].Mac, out var serial, out var nameless))
        {
            refusal = $"The facts do not identify the machine: {nameless}.";
            return false;
        }

        facts = new FactsReceived
        {
            Serial = serial,
            Uuid = uuid,
            MacAddresses = [.. nics.Select(nic => nic.Mac).Distinct()],
            ConnectedNic = Common(report.ConnectedNIC),
            BmcAddress = Ipv4.TryParse(report.IPMIAddress, out var bmc) ? bmc : null,
            Facts = new MachineFacts
            {
                Firmware = Common(report.Firmware),
                Vendor = Common(report.Dmi?.Vendor),
                Product = Common(report.Dmi?.Product),
                MemoryBytes = report.MemoryBytes,
                CpuModel = Common(report.Cpu?.Model),
                CpuSockets = report.Cpu?.Sockets,
                CpuCores = report.Cpu?.Cores,
                CpuThreads = report.Cpu?.Threads,
                BmcMac = MacAddress.TryParse(report.IPMIMacAddress, out var bmcMac) ? bmcMac : null,
                NetworkInterfaces = nics,
                Disks = [.. report.Disks.Select(Disk)],
            },
        };
        return true;
    }

    // The boot interface first: its MAC is the one that templates match the network on.
    private static bool TryReadNics(Contracts.FactsReport report, out ImmutableArray<NetworkInterfaceFacts> nics, [NotNullWhen(false)] out string? refusal)
    {
        var read = new List<NetworkInterfaceFacts>();
        nics = [];
        foreach (var nic in report.NetDevs)
        {
            if (!MacAddress.TryParse(nic.MacAddress, out var mac))
            {
                refusal = $"The facts of {Bounded(report.Serial)} give the network interface {Bounded(nic.Name)} no valid MacAddress.";
                return false;
            }

            read.Add(new NetworkInterfaceFacts(Common(nic.Name) ?? "", mac, Common(nic.Driver), nic.SpeedMbps, nic.Link));
        }

        nics = [.. read.OrderByDescending(nic => nic.Name == report.ConnectedNIC)];
        refusal = null;
        return true;
    }

    private static DiskFacts Disk(Contracts.DiskFacts disk) => new(
        Common(disk.Name) ?? "", disk.SizeBytes, Common(disk.Model), Bounded(disk.Serial), Bounded(disk.Wwn), disk.Rotational ?? false, disk.Removable, disk.ReadOnly);

    private static string? Common(string? text) => SharedText.Of(Bounded(text));

    private static string? Bounded(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;
}
