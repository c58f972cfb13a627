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

        await ReplayJournalAsync(partition, cancellation);
        var read = await DebugFsAsync(partition, "cat " + Quote(path), isWriting: false, cancellation);
        return read.Errors.Contains("File not found", StringComparison.Ordinal) ? null : read.Output;
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

            await ReplayJournalAsync(partition, cancellation);
            await DebugFsAsync(partition, "rm " + Quote(path), isWriting: true, cancellation);
            await DebugFsAsync(partition, $"write {Quote(source)} {Quote(path)}", isWriting: true, cancellation);
        }
        finally
        {
            File.Delete(source);
        }

        if (await ReadFileAsync(label, path, cancellation) != content)
        {
            throw new LabException($"{path} could not be written on partition {label} of {Path}");
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

    /// <summary>Does what the next mount would do; a machine that lost its power leaves its last writes in the journal.</summary>
    private async Task ReplayJournalAsync(DiskPartition partition, CancellationToken cancellation)
    {
        var replay = await Tool.RunAsync("e2fsck", ["-p", "-E", "journal_only", E2fsName(partition)], cancellation: cancellation);
        if (replay.ExitCode is not (0 or 1))
        {
            replay.OrThrow();
        }
    }

    private async Task<ToolResult> DebugFsAsync(DiskPartition partition, string request, bool isWriting, CancellationToken cancellation)
    {
        string[] arguments = isWriting ? ["-w", "-R", request, E2fsName(partition)] : ["-R", request, E2fsName(partition)];
        return (await Tool.RunAsync("debugfs", arguments, cancellation: cancellation)).OrThrow();
    }

    private string E2fsName(DiskPartition partition) => $"{Path}?offset={partition.Offset}";

    private string MtoolsName(DiskPartition partition) => $"{Path}@@{partition.Offset}";

    private static string Quote(string path) => $"\"{path}\"";
}
