namespace Mayu.Protocols.Pxe;

/// <summary>Who sends this packet.</summary>
public enum PxeClientKind
{
    /// <summary>No boot loader: an operating system's DHCP client, or a BOOTP client.</summary>
    Plain,

    /// <summary>A firmware's PXE stack: option 60 begins with <c>PXEClient</c>.</summary>
    Pxe,

    /// <summary>UEFI HTTP boot: option 60 begins with <c>HTTPClient</c>.</summary>
    HttpBoot,

    /// <summary>iPXE, whatever its option 60 says.</summary>
    Ipxe,

    /// <summary>
    /// U-Boot in its own name: option 60 begins with <c>U-Boot</c>, or option 93 says it. It takes an address, a server and a file; of PXE's options
    /// it knows none but 209. As it is usually built it knows no proxy, and takes whatever offer comes first for a lease.
    /// </summary>
    UBoot,
}
