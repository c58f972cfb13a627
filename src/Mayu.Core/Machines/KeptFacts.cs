using Mayu.Primitives;

namespace Mayu.Core.Machines;

/// <summary>What is kept of a machine's facts: texts are cut, numbers that are none are left out, and what machines have in common is shared.</summary>
public static class KeptFacts
{
    /// <summary>The longest text that is kept, in characters.</summary>
    public const int MaxText = 256;

    /// <summary>What is kept of these facts.</summary>
    public static MachineFacts Of(MachineFacts facts) => new()
    {
        Firmware = Common(facts.Firmware),
        Dmi = facts.Dmi is { } dmi ? new DmiFacts { Vendor = Common(dmi.Vendor), Product = Common(dmi.Product) } : null,
        Cpu = facts.Cpu is { } cpu ? new CpuFacts { Model = Common(cpu.Model), Sockets = Math.Max(cpu.Sockets, 0), Cores = Math.Max(cpu.Cores, 0), Threads = Math.Max(cpu.Threads, 0) } : null,
        MemoryBytes = facts.MemoryBytes >= 0 ? facts.MemoryBytes : null,
        IPMIMacAddress = MacAddress.TryParse(facts.IPMIMacAddress, out var bmc) ? bmc.ToString() : null,
        NetDevs =
        [
            // A driver without a link says -1 for its speed.
            .. facts.NetDevs.Select(nic => nic with { Name = Common(nic.Name), Driver = Common(nic.Driver), SpeedMbps = nic.SpeedMbps >= 0 ? nic.SpeedMbps : null }),
        ],
        Disks =
        [
            .. facts.Disks.Select(disk => disk with
            {
                Name = Common(disk.Name), SizeBytes = Math.Max(disk.SizeBytes, 0), Model = Common(disk.Model), Serial = Bounded(disk.Serial), Wwn = Bounded(disk.Wwn),
            }),
        ],
    };

    private static string? Common(string? text) => SharedText.Of(Bounded(text));

    private static string? Bounded(string? text) => CutText.Of(text, MaxText);
}
