namespace Mayu.Protocols.Dhcp;

/// <summary>Option 53 (RFC 2132 §9.6). Values outside this list are kept as they came.</summary>
public enum DhcpMessageType : byte
{
    /// <summary>No option 53: a plain BOOTP packet (RFC 951, RFC 1534).</summary>
    None = 0,

    /// <summary>DHCPDISCOVER: who offers an address?</summary>
    Discover = 1,

    /// <summary>DHCPOFFER.</summary>
    Offer = 2,

    /// <summary>DHCPREQUEST: selecting, init-reboot, renewing or rebinding (RFC 2131 §4.3.2).</summary>
    Request = 3,

    /// <summary>DHCPDECLINE: the address is in use by somebody else.</summary>
    Decline = 4,

    /// <summary>DHCPACK.</summary>
    Ack = 5,

    /// <summary>DHCPNAK.</summary>
    Nak = 6,

    /// <summary>DHCPRELEASE: the client gives its address back.</summary>
    Release = 7,

    /// <summary>DHCPINFORM: the client has an address and wants the rest.</summary>
    Inform = 8,
}
