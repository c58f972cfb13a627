using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Server.Tftp;

/// <summary>Which file it is, and in which version: the same stamp means the same bytes, as far as a file system tells.</summary>
/// <param name="Device">The file system.</param>
/// <param name="Inode">The file in it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When its content changed last, in nanoseconds since 1970.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly partial record struct FileStamp(ulong Device, ulong Inode, long Size, long Modified)
{
    // statx(2): the layout of its answer is the same on every architecture.
    private const int AnswerSize = 256;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7FF;
    private const int FileType = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Reads the stamp of an open file.</summary>
    /// <returns>False when it is no regular file, or cannot be asked.</returns>
    public static bool TryRead(SafeFileHandle file, out FileStamp stamp)
    {
        Span<byte> answer = stackalloc byte[AnswerSize];
        stamp = default;
        if (StatX(file, "", EmptyPath, BasicStats, ref MemoryMarshal.GetReference(answer)) != 0
            || (Number<ushort>(answer, 28) & FileType) != RegularFile)
        {
            return false;
        }

        var device = ((ulong)Number<uint>(answer, 136) << 32) | Number<uint>(answer, 140);
        var modified = (Number<long>(answer, 112) * 1_000_000_000) + Number<uint>(answer, 120);
        stamp = new FileStamp(device, Number<ulong>(answer, 32), Number<long>(answer, 40), modified);
        return true;
    }

    private static T Number<T>(ReadOnlySpan<byte> answer, int offset)
        where T : unmanaged => MemoryMarshal.Read<T>(answer[offset..]);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle folder, string path, int flags, uint mask, ref byte answer);
}
