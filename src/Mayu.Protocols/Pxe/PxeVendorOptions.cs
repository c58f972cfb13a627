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

    /// <summary>iPXE's <c>no-pxedhcp</c> (0xb0): do not wait two seconds for a proxy offer.</summary>
    public static ReadOnlySpan<byte> IpxeWaitsForNoProxy => [0xb0, 1, 1];
}
