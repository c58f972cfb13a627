namespace Mayu.Lab.Server;

/// <summary>Who answers DHCP and TFTP in a rack.</summary>
public enum LabEngine
{
    /// <summary>The server itself.</summary>
    Builtin,

    /// <summary>A dnsmasq that the server watches over.</summary>
    Dnsmasq,

    /// <summary>A dnsmasq that the rack has already, and that knows of the server nothing but its boot script's URL.</summary>
    External,
}
