namespace Mayu.Protocols.Pxe;

/// <summary>Values of option 43 for PXE clients (PXE specification 2.1 §2.2.3), and of option 175 for iPXE.</summary>
public static class PxeVendorOptions
{
    /// <summary>Boot item (71): type and layer of a boot server's answer, 2 bytes each.</summary>
    public const byte BootItem = 71;

    /// <summary>
    /// Discovery control (6) with bit 3: no discovery, no menu, load the boot file that this answer names. Without it EDK2
    /// asks port 4011 whenever option 60 is PXEClient.
    /// </summary>
    public static ReadOnlySpan<byte> LoadTheBootFile => [6, 1, 0x08, 0xFF];

    /// <summary>The longest text of <see cref="BootMenu"/>, in bytes.</summary>
    public const int LongestMenuText = 64;

    /// <summary>
    /// A boot menu of one entry, which is the boot file that this answer names (type 0), taken at once: discovery control (6) without broadcast and
    /// multicast, prompt (10) with no time to wait, boot menu (9). Raspberry Pi firmware looks in it for the text <c>Raspberry Pi Boot</c>; the
    /// bytes are those that the servers send it was tried with by its makers.
    /// </summary>
    /// <param name="text">Printable ASCII, 1 to <see cref="LongestMenuText"/> bytes.</param>
    /// <exception cref="ArgumentException">It is empty or longer.</exception>
    public static byte[] BootMenu(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > LongestMenuText)
        {
            throw new ArgumentException($"The text of a menu has 1 to {LongestMenuText} bytes", nameof(text));
        }

        return [6, 1, 3, 10, 4, 0, .. "PXE"u8, 9, (byte)(3 + text.Length), 0, 0, (byte)text.Length, .. text, 0xFF];
    }

    /// <summary>iPXE's <c>no-pxedhcp</c> (0xb0): do not wait two seconds for a proxy offer.</summary>
    public static ReadOnlySpan<byte> IpxeWaitsForNoProxy => [0xb0, 1, 1];
}
