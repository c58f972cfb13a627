namespace Mayu.Protocols.Dhcp;

/// <summary>The options that Mayu reads or writes (RFC 2132 where nothing else is said). Other codes pass as numbers.</summary>
public enum DhcpOptionCode : byte
{
    /// <summary>Filler without a length (§3.1).</summary>
    Pad = 0,

    /// <summary>Subnet mask, 4 bytes (§3.3).</summary>
    SubnetMask = 1,

    /// <summary>Routers, 4 bytes each (§3.5).</summary>
    Router = 3,

    /// <summary>DNS servers, 4 bytes each (§3.8).</summary>
    DomainNameServer = 6,

    /// <summary>Host name (§3.14).</summary>
    HostName = 12,

    /// <summary>Domain name (§3.17).</summary>
    DomainName = 15,

    /// <summary>Interface MTU, 2 bytes, at least 68 (§5.1).</summary>
    InterfaceMtu = 26,

    /// <summary>Broadcast address, 4 bytes (§5.3).</summary>
    BroadcastAddress = 28,

    /// <summary>NTP servers, 4 bytes each (§8.3).</summary>
    NtpServers = 42,

    /// <summary>Vendor specific information, options of their own kind (§8.4); PXE's are in the PXE specification 2.1.</summary>
    VendorSpecific = 43,

    /// <summary>The address that the client asks for, 4 bytes (§9.1).</summary>
    RequestedAddress = 50,

    /// <summary>Lease time in seconds, 4 bytes (§9.2).</summary>
    LeaseTime = 51,

    /// <summary>Which of <c>file</c> (1) and <c>sname</c> (2) carry options: 1, 2 or 3 (§9.3).</summary>
    Overload = 52,

    /// <summary><see cref="DhcpMessageType"/>, 1 byte (§9.6).</summary>
    MessageType = 53,

    /// <summary>The server that is meant, or that speaks; 4 bytes (§9.7).</summary>
    ServerIdentifier = 54,

    /// <summary>The option codes that the client would like (§9.8).</summary>
    ParameterRequestList = 55,

    /// <summary>Why a NAK or DECLINE, in words (§9.9).</summary>
    Message = 56,

    /// <summary>The longest datagram that the client takes, IP and UDP headers included; 2 bytes, at least 576 (§9.10).</summary>
    MaximumMessageSize = 57,

    /// <summary>T1 in seconds, 4 bytes (§9.11).</summary>
    RenewalTime = 58,

    /// <summary>T2 in seconds, 4 bytes (§9.12).</summary>
    RebindingTime = 59,

    /// <summary>Vendor class: <c>PXEClient:Arch:…</c>, <c>HTTPClient:Arch:…</c> (§9.13).</summary>
    VendorClassIdentifier = 60,

    /// <summary>The client's own identifier, at least 2 bytes (§9.14).</summary>
    ClientIdentifier = 61,

    /// <summary>The name of the TFTP server (§9.4).</summary>
    TftpServerName = 66,

    /// <summary>The boot file (§9.5); a URL for UEFI HTTP boot.</summary>
    BootFileName = 67,

    /// <summary>User class: RFC 3004 instances, or iPXE's bare text.</summary>
    UserClass = 77,

    /// <summary>What a relay wrote; echoed unchanged (RFC 3046 §2.0).</summary>
    RelayAgentInformation = 82,

    /// <summary><see cref="Pxe.ClientArchitecture"/>, a list of 2 bytes each (RFC 4578 §2.1).</summary>
    ClientSystemArchitecture = 93,

    /// <summary>Type, major and minor of the UNDI, 3 bytes (RFC 4578 §2.2).</summary>
    ClientNetworkInterface = 94,

    /// <summary>Type 0 and a UUID, 17 bytes (RFC 4578 §2.3).</summary>
    ClientMachineIdentifier = 97,

    /// <summary>An address in the subnet that the client, or its relay, wants an address of, 4 bytes (RFC 3011 §2).</summary>
    SubnetSelection = 118,

    /// <summary>iPXE's (and formerly Etherboot's) own options.</summary>
    Etherboot = 175,

    /// <summary>PXELINUX: the configuration file (RFC 5071 §4).</summary>
    PxelinuxConfigFile = 209,

    /// <summary>PXELINUX: a prefix for its paths (RFC 5071 §5).</summary>
    PxelinuxPathPrefix = 210,

    /// <summary>The end of the options, without a length (§3.2).</summary>
    End = 255,
}
