namespace Mayu.Protocols.Dhcp;

/// <summary>The <c>op</c> field (RFC 2131 §2).</summary>
public enum DhcpOperation : byte
{
    /// <summary>No packet.</summary>
    None = 0,

    /// <summary>BOOTREQUEST: from a client.</summary>
    BootRequest = 1,

    /// <summary>BOOTREPLY: from a server.</summary>
    BootReply = 2,
}
