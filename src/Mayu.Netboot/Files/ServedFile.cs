using Mayu.Linux.Files;

namespace Mayu.Netboot.Files;

/// <summary>A file that one transfer sends. Whoever got it disposes of it; nothing may be sent from it then.</summary>
/// <param name="name">The name, as it was asked for and without leading slashes.</param>
/// <param name="content">Its bytes, which other transfers may share.</param>
/// <param name="close">Gives the content back.</param>
internal sealed unsafe class ServedFile(string name, FileContent content, Action close) : IDisposable
{
    private bool _isClosed;

    /// <summary>The name, as it was asked for and without leading slashes.</summary>
    public string Name => name;

    /// <summary>Its size on the wire, in bytes.</summary>
    public long Size { get; } = content.Size;

    /// <summary>Which file of the disk it is, in which version; null for one that exists in memory only.</summary>
    public FileStamp? Stamp => content.Stamp;

    /// <summary>Where its bytes are; see <see cref="FileContent"/> for who may touch them.</summary>
    public byte* Start => _isClosed ? throw new ObjectDisposedException(nameof(ServedFile)) : content.Start;

    /// <summary>Whether nobody has written to the file since it was opened.</summary>
    public bool IsUnchanged => content.IsUnchanged;

    /// <summary>A file that exists in memory only.</summary>
    public static ServedFile InMemory(string name, ReadOnlySpan<byte> bytes)
    {
        var content = FileContent.Copy(bytes);
        return new ServedFile(name, content, content.Free);
    }

    /// <summary>Reads bytes from a place that lies inside <see cref="Size"/>; for who does not hand them to the kernel.</summary>
    /// <returns>False when the file became shorter meanwhile.</returns>
    public bool TryRead(Span<byte> destination, long offset) => content.TryRead(destination, offset);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            close();
        }
    }
}
