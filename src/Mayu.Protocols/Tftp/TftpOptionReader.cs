namespace Mayu.Protocols.Tftp;

/// <summary>Walks the options of a request or OACK: name, NUL, value, NUL (RFC 2347).</summary>
public ref struct TftpOptionReader
{
    private ReadOnlySpan<byte> _rest;

    internal TftpOptionReader(ReadOnlySpan<byte> options) => _rest = options;

    /// <summary>The name, in whatever case it was written; names are compared without case.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value: decimal digits, for all options that Mayu knows.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next option.</summary>
    /// <returns>False at the end.</returns>
    public bool MoveNext()
    {
        var rest = _rest;
        if (TftpPacket.TryTakeText(ref rest, out var name) && !name.IsEmpty && TftpPacket.TryTakeText(ref rest, out var value))
        {
            Name = name;
            Value = value;
            _rest = rest;
            return true;
        }

        _rest = default;
        return false;
    }
}
