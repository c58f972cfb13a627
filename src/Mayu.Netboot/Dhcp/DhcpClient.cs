using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Dhcp;

/// <summary>The sender of one packet, as far as the packet tells. A view, like the packet.</summary>
/// <param name="request">Its packet.</param>
/// <param name="mac">Its MAC.</param>
/// <param name="loader">Which program of it speaks.</param>
/// <param name="description">The same in words for the trace.</param>
internal readonly ref struct DhcpClient(DhcpPacket request, MacAddress mac, PxeClientInfo loader, string description)
{
    public readonly DhcpPacket Request = request;

    public readonly PxeClientInfo Loader = loader;

    public MacAddress Mac => mac;

    public string Description => description;

    /// <summary>Whether it speaks BOOTP, as only loaders do nowadays.</summary>
    public bool IsBootp => Request.MessageType == DhcpMessageType.None;

    /// <summary>Whether it wants something to boot, and is no operating system.</summary>
    public bool IsLoader => Loader.IsNetworkBoot || IsBootp;
}
