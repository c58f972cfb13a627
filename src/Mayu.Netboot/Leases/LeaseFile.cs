using System.Collections.Immutable;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Netboot.Leases;

/// <summary>
/// The file of leases: lines that are only ever appended, and now and then a new file in its place with one line an address.
/// Every call waits for the disk. Not safe for several threads at once.
/// </summary>
/// <remarks>
/// Behind its lines a new file has zeros, into which lines are then written: so a flush has nothing to write but them. Measured, a flush
/// of a file that grows costs the processor several times as much.
/// </remarks>
/// <param name="folder">The folder it is in; it is made.</param>
internal sealed class LeaseFile(string folder) : IDisposable
{
    /// <summary>The largest file that is read: a million leases, and the lines and zeros behind them.</summary>
    private const int LargestFile = 512 * 1024 * 1024;

    private const long SmallestRoom = 256 * 1024;
    private const int GrowthBeforeRewrite = 4;

    // Who is in the rack is nobody else's business.
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path = System.IO.Path.Combine(folder, "leases");
    private SafeFileHandle? _handle;

    /// <summary>Where it is.</summary>
    public string Path => _path;

    /// <summary>How long its lines are, in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>How long they may become before it is to be written anew.</summary>
    public long Room { get; private set; }

    /// <summary>Reads what is there: of each address the newest record, in the order of their end.</summary>
    /// <param name="damaged">How many lines are none. The last one may be half a line after a power cut, which is none of these.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public ImmutableArray<LeaseRecord> Read(out int damaged)
    {
        damaged = 0;
        if (!File.Exists(_path))
        {
            // In a folder that is closed to this user there seem to be no leases.
            return ClosedPath.Describe(_path) is { } closed ? throw new UnauthorizedAccessException(closed) : [];
        }

        if (new FileInfo(_path).Length is var length && length > LargestFile)
        {
            throw new IOException($"{_path} has {length} bytes; at most {LargestFile} are allowed");
        }

        var newest = new Dictionary<Ipv4, LeaseRecord>();
        ReadOnlySpan<byte> rest = BoundedFile.ReadBytes(_path, LargestFile);
        while (rest.IndexOf((byte)'\n') is var end and >= 0)
        {
            if (LeaseLine.TryRead(rest[..end], out var record))
            {
                newest[record.Address] = record;
            }
            else
            {
                damaged++;
            }

            rest = rest[(end + 1)..];
        }

        return [.. newest.Values.Where(record => record.Kind != LeaseRecordKind.Free).OrderBy(record => record.EndsAt)];
    }

    /// <summary>Keeps a copy of a file that has damaged lines, for somebody to look at.</summary>
    /// <returns>Where.</returns>
    public string SetAside()
    {
        var aside = _path + ".damaged";
        File.Copy(_path, aside, overwrite: true);
        File.SetUnixFileMode(aside, OwnersOnly);
        return aside;
    }

    /// <summary>Appends lines; they are durable when this returns.</summary>
    /// <exception cref="IOException">They are not.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        var handle = _handle ?? throw new IOException($"{_path} is not open");
        RandomAccess.Write(handle, lines, Length);
        Length += lines.Length;
        DiskFlush.FlushContent(handle, _path);
    }

    /// <summary>Puts a new file in the place of the former one: in one step, which a power cut leaves done or not done.</summary>
    /// <exception cref="IOException">The former one still holds.</exception>
    public void Rewrite(IEnumerable<LeaseRecord> records)
    {
        Directory.CreateDirectory(folder, OwnersOnly | UnixFileMode.UserExecute);
        var next = _path + ".new";
        File.Delete(next);
        var handle = File.OpenHandle(next, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        try
        {
            File.SetUnixFileMode(handle, OwnersOnly);
            var length = 0L;
            var buffer = new byte[64 * 1024];
            var used = 0;
            foreach (var record in records)
            {
                used += LeaseLine.Write(buffer.AsSpan(used), record);
                if (used > buffer.Length - LeaseLine.MaximumLength)
                {
                    RandomAccess.Write(handle, buffer.AsSpan(0, used), length);
                    (length, used) = (length + used, 0);
                }
            }

            RandomAccess.Write(handle, buffer.AsSpan(0, used), length);
            length += used;
            var room = Math.Max(SmallestRoom, GrowthBeforeRewrite * length);
            WriteZeros(handle, length, room, buffer);
            RandomAccess.FlushToDisk(handle);
            File.Move(next, _path, overwrite: true);
            DiskFlush.FlushFolder(folder);
            _handle?.Dispose();
            (_handle, Length, Room) = (handle, length, room);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Takes the zeros away, so that a stopped server leaves nothing but text.</summary>
    /// <exception cref="IOException">They are still there, which harms nothing.</exception>
    public void Trim()
    {
        if (_handle is { } handle)
        {
            RandomAccess.SetLength(handle, Length);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle?.Dispose();

    private static void WriteZeros(SafeFileHandle handle, long from, long to, byte[] buffer)
    {
        buffer.AsSpan().Clear();
        for (var at = from; at < to; at += buffer.Length)
        {
            RandomAccess.Write(handle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - at)), at);
        }
    }
}
