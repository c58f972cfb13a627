namespace Mayu.Lab.Rack;

/// <summary>
/// A machine's disk as a file, to be read and written while the machine is off. Nothing is mounted: ext4 goes through
/// debugfs and FAT through mtools, so it works without loop devices and leaves nothing behind.
/// </summary>
public sealed class MachineDisk
{
    private readonly string _scratch;

    internal MachineDisk(string path, string scratch)
    {
        Path = path;
        _scratch = scratch;
    }

    public string Path { get; }

    /// <summary>Makes it all zeros again, and of this size in bytes.</summary>
    public void Blank(long bytes)
    {
        using var file = new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.None);
        file.SetLength(bytes);
    }

    /// <summary>Its partitions; none on a blank disk.</summary>
    public IReadOnlyList<DiskPartition> Partitions()
    {
        using var file = File.OpenRead(Path);
        return PartitionTable.Read(file);
    }

    /// <summary>The text of a file on the partition with a label; null where there is no such file.</summary>
    /// <exception cref="LabException">No such partition, or a file system that is neither ext4 nor FAT.</exception>
    public async Task<string?> ReadFileAsync(string label, string path, CancellationToken cancellation = default)
    {
        var (partition, isExt) = Find(label);
        if (!isExt)
        {
            var copied = await Tool.RunAsync("mcopy", ["-n", "-i", MtoolsName(partition), "::" + path, "-"], cancellation: cancellation);
            return copied.ExitCode == 0 ? copied.Output
                : copied.Errors.Contains("not found", StringComparison.Ordinal) ? null
                : copied.OrThrow().Output;
        }

        var copy = await CopyOutAsync(partition, cancellation);
        try
        {
            var read = await DebugFsAsync(copy, "cat " + Quote(path), isWriting: false, cancellation);
            return read.Errors.Contains("File not found", StringComparison.Ordinal) ? null : read.Output;
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>Writes a file on the partition with a label, over what was there. Its folder must exist.</summary>
    public async Task WriteFileAsync(string label, string path, string content, CancellationToken cancellation = default)
    {
        var (partition, isExt) = Find(label);
        var source = System.IO.Path.Combine(_scratch, System.IO.Path.GetRandomFileName());
        await File.WriteAllTextAsync(source, content, cancellation);
        try
        {
            if (!isExt)
            {
                (await Tool.RunAsync("mcopy", ["-o", "-i", MtoolsName(partition), source, "::" + path], cancellation: cancellation)).OrThrow();
                return;
            }

            var copy = await CopyOutAsync(partition, cancellation);
            await DebugFsAsync(copy, "rm " + Quote(path), isWriting: true, cancellation);
            await DebugFsAsync(copy, $"write {Quote(source)} {Quote(path)}", isWriting: true, cancellation);
            await CopyBackAsync(copy, partition, cancellation);
        }
        finally
        {
            File.Delete(source);
        }

        if (await ReadFileAsync(label, path, cancellation) != content)
        {
            throw new LabException($"{path} could not be written to partition {label} of {Path}");
        }
    }

    private (DiskPartition Partition, bool IsExt) Find(string label)
    {
        using var file = File.OpenRead(Path);
        var partitions = PartitionTable.Read(file);
        var partition = partitions.FirstOrDefault(candidate => candidate.Label == label)
            ?? throw new LabException($"{Path} has no partition labelled {label}; it has [{string.Join(", ", partitions.Select(one => one.Label))}]");
        return (partition, HasExtMagic(file, partition));
    }

    /// <summary>ext2 to ext4 have 0xEF53 at byte 56 of the superblock, which begins at byte 1024.</summary>
    private static bool HasExtMagic(FileStream file, DiskPartition partition)
    {
        file.Position = partition.Offset + 1024 + 56;
        return file.ReadByte() == 0x53 && file.ReadByte() == 0xEF;
    }

    /// <summary>
    /// The partition as a file of its own, its journal replayed as the next mount would do it: a machine that lost its
    /// power leaves its last writes there. (e2fsck forgets an offset into a disk when it opens the file system again.)
    /// </summary>
    private async Task<string> CopyOutAsync(DiskPartition partition, CancellationToken cancellation)
    {
        var copy = Path + ".partition";
        await using (var disk = File.OpenRead(Path))
        await using (var target = new FileStream(copy, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            disk.Position = partition.Offset;
            await CopyAsync(disk, target, partition.Length, cancellation);
        }

        var replay = await Tool.RunAsync("e2fsck", ["-p", "-E", "journal_only", copy], cancellation: cancellation);
        return replay.ExitCode is 0 or 1 ? copy : throw new LabException($"{Path}, partition {partition.Label}: {replay.Output}{replay.Errors}");
    }

    private async Task CopyBackAsync(string copy, DiskPartition partition, CancellationToken cancellation)
    {
        await using (var source = File.OpenRead(copy))
        await using (var disk = File.OpenWrite(Path))
        {
            disk.Position = partition.Offset;
            await CopyAsync(source, disk, partition.Length, cancellation);
        }

        File.Delete(copy);
    }

    private static async Task CopyAsync(Stream from, Stream to, long length, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 20];
        for (var left = length; left > 0;)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellation);
            if (read == 0)
            {
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
            left -= read;
        }
    }

    private static async Task<ToolResult> DebugFsAsync(string fileSystem, string request, bool isWriting, CancellationToken cancellation)
    {
        string[] arguments = isWriting ? ["-w", "-R", request, fileSystem] : ["-R", request, fileSystem];
        return (await Tool.RunAsync("debugfs", arguments, cancellation: cancellation)).OrThrow();
    }

    private string MtoolsName(DiskPartition partition) => $"{Path}@@{partition.Offset}";

    private static string Quote(string path) => $"\"{path}\"";
}
