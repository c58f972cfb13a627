namespace Mayu.Protocols.Pxe;

/// <summary>The names under which PXELINUX looks for its configuration.</summary>
public static class PxelinuxNames
{
    /// <summary>The folder of the configurations, with its slash.</summary>
    public const string Folder = "pxelinux.cfg/";

    /// <summary>How long the name by MAC is, in bytes.</summary>
    public const int ByMacLength = 33;

    private const int MacLength = 6;

    /// <summary>Writes <c>pxelinux.cfg/01-aa-bb-cc-dd-ee-ff</c>: 01 is the hardware type Ethernet.</summary>
    /// <param name="name">Room for <see cref="ByMacLength"/> bytes.</param>
    /// <param name="mac">The MAC in its first six octets.</param>
    public static void WriteByMac(Span<byte> name, ReadOnlySpan<byte> mac)
    {
        "pxelinux.cfg/01"u8.CopyTo(name);
        for (var i = 0; i < MacLength; i++)
        {
            var place = name[(Folder.Length + 2 + (3 * i))..];
            place[0] = (byte)'-';
            mac[i].TryFormat(place[1..], out _, "x2");
        }
    }
}
