using System.Buffers.Binary;
using System.Text;

namespace Mayu.Lab.Rack;

/// <summary>Reads a GUID partition table (UEFI specification 2.10, 5.3).</summary>
internal static class PartitionTable
{
    private const int SectorBytes = 512;
    private const int LargestEntry = 4096;
    private const int MostEntries = 1024;

    /// <summary>The partitions of a disk; none where there is no such table.</summary>
    public static IReadOnlyList<DiskPartition> Read(Stream disk)
    {
        var header = ReadAt(disk, SectorBytes, SectorBytes);
        if (!header.AsSpan().StartsWith("EFI PART"u8))
        {
            return [];
        }

        var start = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(72)) * SectorBytes;
        var count = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(80));
        var size = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(84));
        if (count is < 0 or > MostEntries || size is < 128 or > LargestEntry)
        {
            return [];
        }

        var table = ReadAt(disk, start, count * size);
        return
        [
            .. Enumerable.Range(0, table.Length / size)
                .Select(place => Parse(place + 1, table.AsSpan(place * size, size)))
                .OfType<DiskPartition>(),
        ];
    }

    private static DiskPartition? Parse(int number, ReadOnlySpan<byte> entry)
    {
        if (entry[..16].IndexOfAnyExcept((byte)0) < 0)
        {
            return null;
        }

        var first = BinaryPrimitives.ReadInt64LittleEndian(entry[32..]);
        var last = BinaryPrimitives.ReadInt64LittleEndian(entry[40..]);
        var label = Encoding.Unicode.GetString(entry[56..128]).TrimEnd('\0');
        return new DiskPartition(number, label, first * SectorBytes, (last - first + 1) * SectorBytes);
    }

    private static byte[] ReadAt(Stream disk, long offset, int length)
    {
        disk.Position = offset;
        var bytes = new byte[length];
        return bytes[..disk.ReadAtLeast(bytes, length, throwOnEndOfStream: false)] is { } read && read.Length == length ? read : new byte[length];
    }
}
