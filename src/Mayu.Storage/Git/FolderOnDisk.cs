using System.Buffers;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Storage.Records;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Storage.Git;

/// <summary>A folder of the cluster directory as it lies on the disk.</summary>
internal sealed record FolderOnDisk
{
    /// <summary>The folder's name.</summary>
    public required string Name { get; init; }

    /// <summary>The serial that the name is; null when it is none.</summary>
    public Serial? Serial { get; init; }

    /// <summary>Whether there is something where its record belongs.</summary>
    public bool Exists { get; init; }

    /// <summary>The bytes of its record, where it is not what HEAD has; null when there is none, or it cannot be read from the disk.</summary>
    public byte[]? Content { get; init; }

    /// <summary>The name that git has for the bytes.</summary>
    public ObjectId? BlobId { get; init; }

    /// <summary>The record; null when missing or unreadable.</summary>
    public MachineRecord? Record { get; init; }

    /// <summary>Why it cannot be read; null when it can, or is missing.</summary>
    public string? Problem { get; init; }

    /// <summary>HEAD has the same record, and nothing else in the folder.</summary>
    public bool MatchesHistory { get; init; }

    /// <summary>Reads a folder. Whether it agrees with HEAD is computed from the bytes, without a look into the object database.</summary>
    public static FolderOnDisk Read(ClusterLayout layout, string name, FolderEntry? committed)
    {
        var found = new FolderOnDisk { Name = name, Serial = SerialFolder.TryDecode(name, out var serial) ? serial : null };
        try
        {
            using var file = LibC.OpenIfThere(layout.RecordIn(name));
            return file is null ? found : Read(found, file, committed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return found with { Exists = true, Problem = Directory.Exists(layout.RecordIn(name)) ? "it is a folder" : e.Message };
        }
    }

    private static FolderOnDisk Read(FolderOnDisk found, SafeFileHandle file, FolderEntry? committed)
    {
        var length = RandomAccess.GetLength(file);
        if (length > RecordCodec.MaxBytes)
        {
            return found with { Exists = true, Problem = $"it has {length} bytes; {RecordCodec.MaxBytes} are allowed" };
        }

        // A start reads ten thousand: their bytes are kept only where they are needed again.
        var buffer = ArrayPool<byte>.Shared.Rent((int)length + 1);
        try
        {
            var content = buffer.AsMemory(0, ReadInto(buffer, file));
            var blob = GitObject.BlobId(content.Span);
            string? problem = null;
            var record = found.Serial is { } known ? RecordCodec.Read(content, known, out problem) : null;
            var matches = committed is not null && FolderTree.IsOnlyRecord(committed.Id, blob);
            return found with
            {
                Exists = true,
                Content = matches ? null : content.ToArray(),
                BlobId = blob,
                Record = record,
                Problem = problem,
                MatchesHistory = matches,
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // To its end, unless it grew since its length was asked.
    private static int ReadInto(byte[] buffer, SafeFileHandle file)
    {
        var length = 0;
        for (var read = 1; read > 0 && length < buffer.Length; length += read)
        {
            read = RandomAccess.Read(file, buffer.AsSpan(length), length);
        }

        return length;
    }
}
