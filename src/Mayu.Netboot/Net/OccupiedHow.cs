namespace Mayu.Netboot.Net;

/// <summary>How it is known that an address is in use.</summary>
internal enum OccupiedHow
{
    /// <summary>Somebody answers under it (ARP).</summary>
    Answer,

    /// <summary>Somebody behind a relay answers a ping.</summary>
    Ping,

    /// <summary>The client that was given it found somebody there (DHCPDECLINE).</summary>
    Decline,
}
