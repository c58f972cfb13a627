using System.Buffers.Binary;
using System.Text;
using Mayu.Lab.Rack;

namespace Mayu.Lab.Tests;

public class PartitionTableTests
{
    [Fact]
    public void Partitions_are_found_by_their_labels_and_in_bytes()
    {
        var disk = Disk(("MAYU-OEM", 2048, 4095), ("ROOT", 4096, 8191));

        Assert.Equal(
            [new DiskPartition(1, "MAYU-OEM", 1 << 20, 1 << 20), new DiskPartition(2, "ROOT", 2 << 20, 2 << 20)],
            PartitionTable.Read(disk));
    }

    [Fact]
    public void A_blank_disk_has_none() => Assert.Empty(PartitionTable.Read(new MemoryStream(new byte[1 << 20])));

    [Fact]
    public void A_disk_shorter_than_a_header_has_none() => Assert.Empty(PartitionTable.Read(new MemoryStream(new byte[100])));

    [Fact]
    public void A_header_that_claims_absurd_sizes_is_not_believed()
    {
        var disk = Disk(("ROOT", 2048, 4095));
        BinaryPrimitives.WriteInt32LittleEndian(disk.GetBuffer().AsSpan(512 + 80), int.MaxValue);

        Assert.Empty(PartitionTable.Read(disk));
    }

    private static MemoryStream Disk(params (string Label, long First, long Last)[] partitions)
    {
        var bytes = new byte[64 * 512];
        var header = bytes.AsSpan(512);
        "EFI PART"u8.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header[72..], 2);
        BinaryPrimitives.WriteInt32LittleEndian(header[80..], 128);
        BinaryPrimitives.WriteInt32LittleEndian(header[84..], 128);
        for (var place = 0; place < partitions.Length; place++)
        {
            var entry = bytes.AsSpan(1024 + (place * 128), 128);
            entry[..16].Fill(1);
            BinaryPrimitives.WriteInt64LittleEndian(entry[32..], partitions[place].First);
            BinaryPrimitives.WriteInt64LittleEndian(entry[40..], partitions[place].Last);
            Encoding.Unicode.GetBytes(partitions[place].Label, entry[56..]);
        }

        return new MemoryStream(bytes, 0, bytes.Length, writable: true, publiclyVisible: true);
    }
}
