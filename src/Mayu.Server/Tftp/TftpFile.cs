using Microsoft.Win32.SafeHandles;

namespace Mayu.Server.Tftp;

/// <summary>A file that is being sent, from the disk or from memory. Whoever got it disposes of it.</summary>
internal sealed class TftpFile : IDisposable
{
    private readonly SafeFileHandle? _handle;
    private readonly byte[] _content = [];

    /// <summary>A file of the disk.</summary>
    /// <param name="name">The name, as it was asked for and without leading slashes.</param>
    /// <param name="handle">The open file, which this one takes over.</param>
    public TftpFile(string name, SafeFileHandle handle)
    {
        Name = name;
        _handle = handle;
        Size = RandomAccess.GetLength(handle);
    }

    /// <summary>A file that exists in memory only.</summary>
    /// <param name="name">The name, as it was asked for and without leading slashes.</param>
    /// <param name="content">Its bytes, which nobody changes any more.</param>
    public TftpFile(string name, byte[] content)
    {
        Name = name;
        _content = content;
        Size = content.Length;
    }

    /// <summary>The name, as it was asked for and without leading slashes.</summary>
    public string Name { get; }

    /// <summary>Its size in bytes when it was opened.</summary>
    public long Size { get; }

    /// <summary>Reads bytes from a place that lies inside <see cref="Size"/>.</summary>
    /// <returns>False when the file became shorter meanwhile.</returns>
    public bool TryRead(Span<byte> destination, long offset)
    {
        if (_handle is null)
        {
            _content.AsSpan((int)offset, destination.Length).CopyTo(destination);
            return true;
        }

        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(_handle, destination, offset);
            if (read == 0)
            {
                return false;
            }

            destination = destination[read..];
            offset += read;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle?.Dispose();
}
