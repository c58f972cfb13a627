namespace Mayu.Protocols.Dhcp;

/// <summary>
/// Walks a run of options: code, length, value; 0 is a filler and 255 the end (RFC 2132 §2). A missing end is taken as
/// real clients mean it: the run ends where its bytes end. The encapsulated options of 43 and 175 have the same form.
/// </summary>
public ref struct DhcpOptionReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the first byte.</summary>
    /// <param name="options">The options, without the magic cookie.</param>
    public DhcpOptionReader(ReadOnlySpan<byte> options) => _rest = options;

    /// <summary>The option that <see cref="MoveNext"/> found.</summary>
    public DhcpOptionCode Code { get; private set; }

    /// <summary>Its value, 0 to 255 bytes: a piece of the bytes given, not a copy.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether the walk ended because an option claims more bytes than are there.</summary>
    public bool IsOverrun { get; private set; }

    /// <summary>Goes to the next option.</summary>
    /// <returns>False at the end, and at an overrun.</returns>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var code = (DhcpOptionCode)_rest[0];
            if (code == DhcpOptionCode.Pad)
            {
                _rest = _rest[1..];
                continue;
            }

            if (code == DhcpOptionCode.End)
            {
                break;
            }

            if (_rest.Length < 2 || _rest[1] > _rest.Length - 2)
            {
                IsOverrun = true;
                break;
            }

            Code = code;
            Value = _rest.Slice(2, _rest[1]);
            _rest = _rest[(2 + _rest[1])..];
            return true;
        }

        _rest = default;
        Value = default;
        return false;
    }
}
