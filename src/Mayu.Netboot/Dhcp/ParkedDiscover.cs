using Mayu.Primitives;

namespace Mayu.Netboot.Dhcp;

/// <summary>A DISCOVER that waits until it is known whether somebody uses the address that its client is to be offered.</summary>
internal sealed class ParkedDiscover
{
    private byte[] _bytes = [];
    private int _length;

    public required DhcpScope Scope { get; init; }

    public required MacAddress Client { get; init; }

    public required Ipv4 Address { get; init; }

    /// <summary>Its newest datagram: clients that wait ask again, some with another transaction id.</summary>
    public ReadOnlySpan<byte> Datagram => _bytes.AsSpan(0, _length);

    /// <summary>How many addresses were found in use before this one.</summary>
    public required int Tries { get; init; }

    /// <summary>The question on the wire, and the answer to the client.</summary>
    public Task Asking { get; set; } = Task.CompletedTask;

    /// <summary>Takes its newest datagram, into the same memory where it fits.</summary>
    public void Keep(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > _bytes.Length)
        {
            _bytes = new byte[datagram.Length];
        }

        datagram.CopyTo(_bytes);
        _length = datagram.Length;
    }
}
