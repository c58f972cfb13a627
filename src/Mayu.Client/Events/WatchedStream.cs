namespace Mayu.Client.Events;

/// <summary>
/// A stream of events that tells before each read that one begins, and breaks where an event is too long: whoever reads it keeps an event in
/// memory until the empty line behind it.
/// </summary>
internal sealed class WatchedStream(Stream inner, int longestEvent, Action reading) : Stream
{
    private bool _lineBegins = true;
    private int _sinceEmptyLine;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        reading();
        var length = await inner.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..length]);
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        reading();
        var length = inner.Read(buffer, offset, count);
        Count(buffer.AsSpan(offset, length));
        return length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // A line ends in LF, CR LF or CR (WHATWG HTML §9.2.5); one CR alone is as good as none here, for nobody sends it.
    private void Count(ReadOnlySpan<byte> read)
    {
        foreach (var one in read)
        {
            _sinceEmptyLine = one == (byte)'\n' && _lineBegins ? 0 : _sinceEmptyLine + 1;
            _lineBegins = one == (byte)'\n' || (one == (byte)'\r' && _lineBegins);
        }

        if (_sinceEmptyLine > longestEvent)
        {
            throw new IOException($"An event has more than {longestEvent} bytes.");
        }
    }
}
