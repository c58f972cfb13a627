namespace Mayu.Primitives;

/// <summary>A subnet in CIDR notation with no host bits set (RFC 4632).</summary>
public sealed record Ipv4Subnet
{
    private Ipv4Subnet(Ipv4 network, int prefixLength)
    {
        Network = network;
        PrefixLength = prefixLength;
    }

    /// <summary>The address of the network itself.</summary>
    public Ipv4 Network { get; }

    /// <summary>The length of the prefix, 1 to 32 bits.</summary>
    public int PrefixLength { get; }

    /// <summary>The netmask, e.g. 255.255.255.0 for a /24.</summary>
    public Ipv4 Netmask => new(uint.MaxValue << (32 - PrefixLength));

    /// <summary>The last address, to which broadcasts go.</summary>
    public Ipv4 Broadcast => new(Network.Value | ~Netmask.Value);

    /// <summary>Reads <c>10.0.0.0/24</c>. Host bits (<c>10.0.0.5/24</c>) and lengths outside 1 to 32 are refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Subnet? subnet)
    {
        subnet = null;
        var slash = text.IndexOf('/');
        if (slash < 0 || !Ipv4.TryParse(text[..slash], out var network))
        {
            return false;
        }

        var length = text[(slash + 1)..];
        if (length.Length is 0 or > 2 || length.ContainsAnyExceptInRange('0', '9') || int.Parse(length) is not (>= 1 and <= 32) || length[0] == '0')
        {
            return false;
        }

        var candidate = new Ipv4Subnet(network, int.Parse(length));
        if ((network.Value & ~candidate.Netmask.Value) != 0)
        {
            return false;
        }

        subnet = candidate;
        return true;
    }

    /// <summary>Whether the address belongs to the subnet.</summary>
    public bool Contains(Ipv4 address) => (address.Value & Netmask.Value) == Network.Value;

    /// <inheritdoc/>
    public override string ToString() => $"{Network}/{PrefixLength}";
}
