using System.Text;
using Mayu.Client.Contracts;

namespace Mayu.InfoPusher.Facts;

/// <summary>Collects what there is to know about the machine it runs on, from <c>/sys</c> and <c>/proc</c> alone.</summary>
/// <remarks>
/// What the machine is called is the server's to say: it knows the others, and its configuration has the rule. The board management
/// controller's address stays null: Linux tells it only through an ioctl on <c>/dev/ipmi0</c>, never in sysfs. An operator can set it.
/// </remarks>
internal static class FactsCollector
{
    private const int MemoryInfoLimit = 64 << 10;
    private const int BytesPerKibibyte = 1024;

    /// <summary>The facts of the machine whose files these are.</summary>
    public static FactsReport Collect(HostFiles files)
    {
        var dmi = DmiReader.Read(files);
        var netDevs = NetDevReader.Read(files);
        var bootMac = new KernelCommandLine(Text(files, "proc/cmdline", MemoryInfoLimit)).BootMacAddress;
        var connected = NetDevReader.Connected(netDevs, bootMac);
        return new FactsReport
        {
            Uuid = dmi.Uuid?.ToLowerInvariant(),
            NetDevs = netDevs,
            ConnectedNIC = connected?.Name,
            Firmware = files.Exists("sys/firmware/efi") ? "uefi" : "bios",
            Dmi = dmi,
            Disks = DiskReader.Read(files),
            Cpu = CpuReader.Read(files),
            MemoryBytes = MemoryBytes(files),
        };
    }

    /// <summary>What identifies the machine, as the query of a URL: <c>serial</c>, <c>uuid</c>, <c>mac</c> and <c>board</c>, as iPXE says them.</summary>
    public static string IdentityQuery(FactsReport facts)
    {
        var mac = (facts.NetDevs.FirstOrDefault(dev => dev.Name == facts.ConnectedNIC) ?? (facts.NetDevs is [var first, ..] ? first : null))?.MacAddress;
        return string.Join('&', new[] { ("serial", facts.Dmi?.Serial), ("uuid", facts.Uuid), ("mac", mac), ("board", facts.Dmi?.BoardSerial) }
            .Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2 ?? "")}"));
    }

    private static long? MemoryBytes(HostFiles files)
    {
        foreach (var line in Text(files, "proc/meminfo", MemoryInfoLimit).AsSpan().EnumerateLines())
        {
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal))
            {
                var value = line["MemTotal:".Length..].Trim();
                var number = value.IndexOf(' ') is > 0 and var end ? value[..end] : value;
                return long.TryParse(number, out var kibibytes) && kibibytes is > 0 and <= long.MaxValue / BytesPerKibibyte
                    ? kibibytes * BytesPerKibibyte
                    : null;
            }
        }

        return null;
    }

    private static string Text(HostFiles files, string path, int limit) =>
        files.Bytes(path, limit) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
}
