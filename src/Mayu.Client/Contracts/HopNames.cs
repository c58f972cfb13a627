namespace Mayu.Client.Contracts;

/// <summary>The marks of a boot trace, in the order in which a healthy boot leaves them.</summary>
public static class HopNames
{
    /// <summary>DHCPDISCOVER came in.</summary>
    public const string Discover = "discover";

    /// <summary>DHCPOFFER went out.</summary>
    public const string Offer = "offer";

    /// <summary>DHCPREQUEST came in.</summary>
    public const string Request = "request";

    /// <summary>DHCPACK went out: the machine has its lease.</summary>
    public const string Ack = "ack";

    /// <summary>DHCPNAK went out: the address it asked for is not to be had.</summary>
    public const string Nak = "nak";

    /// <summary>DHCPDECLINE came in: it found its address in use.</summary>
    public const string Decline = "decline";

    /// <summary>DHCPRELEASE came in: it gave its address back.</summary>
    public const string Release = "release";

    /// <summary>A boot file was offered beside another server's address (ProxyDHCP).</summary>
    public const string Proxy = "proxy";

    /// <summary>A boot file was fetched by TFTP or HTTP.</summary>
    public const string File = "file";

    /// <summary>The boot script was fetched.</summary>
    public const string Script = "script";

    /// <summary>A boot script that starts the machine's own disk was fetched.</summary>
    public const string OwnDisk = "own-disk";

    /// <summary>The kernel was fetched.</summary>
    public const string Kernel = "kernel";

    /// <summary>The initrd was fetched.</summary>
    public const string Initrd = "initrd";

    /// <summary>The diskless system fetched its first-stage script.</summary>
    public const string FirstStage = "first-stage";

    /// <summary>The facts came in.</summary>
    public const string Facts = "facts";

    /// <summary>The provisioning config went out.</summary>
    public const string Config = "config";

    /// <summary>The disk image was fetched.</summary>
    public const string Image = "image";

    /// <summary>The machine told how far a long step is.</summary>
    public const string Progress = "progress";

    /// <summary>The machine reported that its image is on the disk.</summary>
    public const string Installed = "installed";

    /// <summary>The operating system reported that it runs.</summary>
    public const string Complete = "complete";

    /// <summary>A step failed; the detail says why.</summary>
    public const string Failed = "failed";

    /// <summary>A request in its name was refused for its boot token.</summary>
    public const string Refused = "refused";

    /// <summary>A line that it sent by syslog; only in traces.</summary>
    public const string Syslog = "syslog";

    /// <summary>A boot request was left unanswered on purpose; the detail says why.</summary>
    public const string Silent = "silent";
}
