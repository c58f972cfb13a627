using System.Buffers.Binary;
using Mayu.Primitives;

namespace Mayu.InfoPusher.Facts;

/// <summary>Reads the physical disks from <c>/sys/block</c>.</summary>
internal static class DiskReader
{
    /// <summary>The unit of <c>/sys/block/*/size</c>, whatever the disk's own sectors are.</summary>
    private const int BytesPerSector = 512;

    private const int VpdLimit = 512;

    /// <summary>Block devices that are no disk of the machine: memory, files, mappings, arrays, optical and floppy drives, network blocks, raw flash.</summary>
    private static readonly string[] OtherKinds = ["loop", "ram", "zram", "dm-", "md", "sr", "fd", "nbd", "rbd", "drbd", "mtdblock", "ubiblock"];

    /// <summary>The disks in the order of their names.</summary>
    public static IReadOnlyList<DiskFacts> Read(HostFiles files) =>
        [.. files.Names("sys/block").Where(name => IsDisk(files, name)).Select(name => Read(files, name))];

    private static bool IsDisk(HostFiles files, string name)
    {
        // An eMMC shows its boot and replay-protected areas as further disks; NVMe multipath shows each path, hidden.
        var isPart = name.StartsWith("mmcblk", StringComparison.Ordinal)
            && (name.Contains("boot", StringComparison.Ordinal) || name.Contains("rpmb", StringComparison.Ordinal));
        return !isPart
            && !OtherKinds.Any(kind => name.StartsWith(kind, StringComparison.Ordinal))
            && files.Flag($"sys/block/{name}/hidden") != true;
    }

    private static DiskFacts Read(HostFiles files, string name)
    {
        var folder = $"sys/block/{name}/";
        var sectors = files.Number(folder + "size") ?? 0;
        return new DiskFacts
        {
            Name = CleanText.From(name) ?? "",
            SizeBytes = sectors is > 0 and <= long.MaxValue / BytesPerSector ? sectors * BytesPerSector : 0,
            Model = files.Value(folder + "device/model") ?? files.Value(folder + "device/name"),
            Serial = files.Value(folder + "device/serial") ?? files.Value(folder + "serial") ?? VpdSerial(files, folder),
            Wwn = files.Value(folder + "wwid") ?? files.Value(folder + "device/wwid"),
            Rotational = files.Flag(folder + "queue/rotational"),
            Removable = files.Flag(folder + "removable") ?? false,
            ReadOnly = files.Flag(folder + "ro") ?? false,
        };
    }

    /// <summary>The unit serial number page (0x80) of SCSI's vital product data: a header of 4 bytes (SPC-4, 7.8.14), then text.</summary>
    private static string? VpdSerial(HostFiles files, string folder)
    {
        const int HeaderLength = 4;
        const byte UnitSerialNumberPage = 0x80;

        if (files.Bytes(folder + "device/vpd_pg80", VpdLimit) is not { Length: > HeaderLength } page || page[1] != UnitSerialNumberPage)
        {
            return null;
        }

        var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(2)), page.Length - HeaderLength);
        return CleanText.From(page.AsSpan(HeaderLength, length));
    }
}
