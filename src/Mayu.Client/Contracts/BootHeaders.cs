namespace Mayu.Client.Contracts;

/// <summary>HTTP headers of the boot listener's answers.</summary>
public static class BootHeaders
{
    /// <summary>With a provisioning config: the serial that the machine has here, percent-encoded (RFC 3986, unreserved characters alone).</summary>
    public const string Serial = "Mayu-Serial";
}
