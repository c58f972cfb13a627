using Mayu.Primitives;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>What a line of dnsmasq's log says.</summary>
internal enum DnsmasqEventKind
{
    /// <summary>Nothing that is looked for.</summary>
    Other,

    /// <summary>It has its ports and answers.</summary>
    Started,

    /// <summary>It read the hosts file.</summary>
    FileRead,

    /// <summary>It could not read a file.</summary>
    Unreadable,

    /// <summary>Option 60 of the packet that it is about to answer.</summary>
    VendorClass,

    /// <summary>Option 77 of the same.</summary>
    UserClass,

    /// <summary>A DHCP or BOOTP message, of a client or to one.</summary>
    Message,

    /// <summary>The boot file in the message before.</summary>
    BootFile,

    /// <summary>More about the message before.</summary>
    Detail,

    /// <summary>A file was sent by TFTP.</summary>
    FileSent,

    /// <summary>A file was asked for that is not there, or not to be had.</summary>
    FileRefused,

    /// <summary>A transfer ended early.</summary>
    TransferFailed,
}

/// <summary>One line of dnsmasq's log, taken apart.</summary>
/// <param name="Kind">What it says.</param>
internal readonly record struct DnsmasqEvent(DnsmasqEventKind Kind)
{
    /// <summary>The transaction it belongs to.</summary>
    public uint Xid { get; init; }

    /// <summary>The message's name (<c>DHCPDISCOVER</c>, <c>BOOTP</c>, <c>PXE</c>); null where there is no message.</summary>
    public string? Name { get; init; }

    /// <summary>The client.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The client's address, or the one it asks for or is offered.</summary>
    public Ipv4? Address { get; init; }

    /// <summary>The class, the file's name or path, or what dnsmasq adds to a message (<c>ignored</c>).</summary>
    public string Text { get; init; } = "";
}
