using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Linux.Files;

/// <summary>Which file it is, and in which version: the same stamp means the same bytes, as far as a file system tells.</summary>
/// <param name="Device">The file system.</param>
/// <param name="Inode">The file in it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When its content changed last, in nanoseconds since 1970; who copies a file may set it (cp -p, rsync -t).</param>
/// <param name="Changed">When the content or what is known of the file changed last (ctime), in the same unit: nobody can set it.</param>
/// <param name="Links">How many names it has.</param>
[StructLayout(LayoutKind.Auto)]
public readonly partial record struct FileStamp(ulong Device, ulong Inode, long Size, long Modified, long Changed, uint Links)
{
    // A file system's clock stands still for some milliseconds.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    // statx(2): the layout of its answer is the same on every architecture.
    private const int AnswerSize = 256;
    private const int EmptyPath = 0x1000;
    private const int CurrentFolder = -100;
    private const uint BasicStats = 0x7FF;
    private const int FileType = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>When the content or what is known of the file changed last.</summary>
    public DateTimeOffset ChangedAt => DateTimeOffset.UnixEpoch.AddTicks(Changed / TimeSpan.NanosecondsPerTick);

    /// <summary>Whether it changed long enough ago: what was changed this moment may be changed again and have the same stamp.</summary>
    public bool IsSettled => TimeProvider.System.GetUtcNow() - ChangedAt >= Settled;

    /// <summary>Reads the stamp of an open file.</summary>
    /// <returns>False when it is no regular file, or cannot be asked.</returns>
    public static bool TryRead(SafeFileHandle file, out FileStamp stamp)
    {
        Span<byte> answer = stackalloc byte[AnswerSize];
        stamp = default;
        return StatX(file, "", EmptyPath, BasicStats, ref MemoryMarshal.GetReference(answer)) == 0 && TryRead(answer, out stamp);
    }

    /// <summary>Reads the stamp of the file that has this name now, without opening it.</summary>
    /// <returns>False when it is no regular file, or cannot be asked.</returns>
    public static bool TryRead(string path, out FileStamp stamp)
    {
        Span<byte> answer = stackalloc byte[AnswerSize];
        stamp = default;
        return StatX(CurrentFolder, path, 0, BasicStats, ref MemoryMarshal.GetReference(answer)) == 0 && TryRead(answer, out stamp);
    }

    /// <summary>
    /// Whether the open file still has the bytes that it had. That it lost its name does not matter, for another file came in its place; what
    /// is written into it shows, whatever time it is given afterwards.
    /// </summary>
    /// <param name="file">The open file.</param>
    public bool IsOf(SafeFileHandle file) =>
        TryRead(file, out var now) && now with { Changed = Changed, Links = Links } == this && (now.Changed == Changed || now.Links != Links);

    private static bool TryRead(ReadOnlySpan<byte> answer, out FileStamp stamp)
    {
        stamp = default;
        if ((Number<ushort>(answer, 28) & FileType) != RegularFile)
        {
            return false;
        }

        var device = ((ulong)Number<uint>(answer, 136) << 32) | Number<uint>(answer, 140);
        stamp = new FileStamp(device, Number<ulong>(answer, 32), Number<long>(answer, 40), Time(answer, 112), Time(answer, 96), Number<uint>(answer, 16));
        return true;
    }

    private static long Time(ReadOnlySpan<byte> answer, int offset) => (Number<long>(answer, offset) * 1_000_000_000) + Number<uint>(answer, offset + 8);

    private static T Number<T>(ReadOnlySpan<byte> answer, int offset)
        where T : unmanaged => MemoryMarshal.Read<T>(answer[offset..]);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle folder, string path, int flags, uint mask, ref byte answer);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte answer);
}
