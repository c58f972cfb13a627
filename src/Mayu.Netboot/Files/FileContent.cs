using System.Runtime.InteropServices;
using Mayu.Linux.Files;
using Mayu.Protocols.Tftp;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Netboot.Files;

/// <summary>
/// The bytes of a file, as they go over the wire, at one place in memory for all who are sent it. A file of the disk is
/// mapped, not read: what of it is in memory is the kernel's affair. No code of this process may touch a mapping, only
/// the kernel on its behalf: of a file that became shorter the kernel says EFAULT, where a read of our own would be a SIGBUS.
/// </summary>
internal sealed unsafe class FileContent
{
    private readonly SafeFileHandle? _handle;
    private readonly FileStamp _stamp;
    private readonly bool _isMapped;

    private FileContent(byte* start, long size)
    {
        Start = start;
        Size = size;
    }

    private FileContent(SafeFileHandle handle, FileStamp stamp, byte* start, bool isMapped, long size)
        : this(start, size)
    {
        _handle = handle;
        _stamp = stamp;
        _isMapped = isMapped;
    }

    /// <summary>Where the bytes are.</summary>
    public byte* Start { get; }

    /// <summary>How many.</summary>
    public long Size { get; }

    /// <summary>How many hold it. Whoever counts them disposes of it when there is none left.</summary>
    public int Users { get; set; }

    /// <summary>Bytes of this process's own memory that it takes.</summary>
    public long OwnMemory => _isMapped ? 0 : Size;

    /// <summary>The file; null for bytes that exist in memory only.</summary>
    public FileStamp? Stamp => _handle is null ? null : _stamp;

    /// <summary>Whether the file is still the one that was opened, and nobody wrote to it.</summary>
    public bool IsUnchanged => _handle is null || _stamp.IsOf(_handle);

    /// <summary>Reads bytes from a place that lies inside <see cref="Size"/>: a file by its handle, never from its mapping.</summary>
    /// <returns>False when the file became shorter meanwhile.</returns>
    public bool TryRead(Span<byte> destination, long offset)
    {
        if (!_isMapped)
        {
            new ReadOnlySpan<byte>(Start + offset, destination.Length).CopyTo(destination);
            return true;
        }

        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(_handle!, destination, offset);
            if (read == 0)
            {
                return false;
            }

            destination = destination[read..];
            offset += read;
        }

        return true;
    }

    /// <summary>Copies bytes that exist in memory only.</summary>
    public static FileContent Copy(ReadOnlySpan<byte> bytes)
    {
        var start = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(start, bytes.Length));
        return new FileContent(start, bytes.Length);
    }

    /// <summary>Maps a file. The content takes the handle over; null when it cannot be mapped.</summary>
    public static FileContent? Map(SafeFileHandle handle, FileStamp stamp)
    {
        if (stamp.Size == 0)
        {
            return new FileContent(handle, stamp, null, isMapped: false, size: 0);
        }

        var start = FileMapping.Map(handle, stamp.Size);
        return start is null ? null : new FileContent(handle, stamp, start, isMapped: true, stamp.Size);
    }

    /// <summary>Reads a text and makes netascii of it. The content takes the handle over.</summary>
    /// <exception cref="IOException">The disk failed, or the file became shorter.</exception>
    public static FileContent ReadNetascii(SafeFileHandle handle, FileStamp stamp)
    {
        var text = new byte[stamp.Size];
        for (var read = 0; read < text.Length;)
        {
            var more = RandomAccess.Read(handle, text.AsSpan(read), read);
            read += more > 0 ? more : throw new EndOfStreamException("the file was shortened while it was read");
        }

        var size = Netascii.EncodedLength(text);
        var start = (byte*)NativeMemory.Alloc((nuint)size);
        Netascii.Encode(text, new Span<byte>(start, (int)size));
        return new FileContent(handle, stamp, start, isMapped: false, size);
    }

    /// <summary>Gives memory and file back; nobody may send from it any more.</summary>
    public void Free()
    {
        if (_isMapped)
        {
            FileMapping.Unmap(Start, Size);
        }
        else
        {
            NativeMemory.Free(Start);
        }

        _handle?.Dispose();
    }
}
