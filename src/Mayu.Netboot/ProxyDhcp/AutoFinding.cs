using Mayu.Primitives;

namespace Mayu.Netboot.ProxyDhcp;

/// <summary>What mode <c>auto</c> found on a segment.</summary>
/// <param name="GivesAddresses">Whether this server gives addresses there now; otherwise it is a proxy.</param>
/// <param name="Others">The other DHCP servers that answer.</param>
internal sealed record AutoFinding(bool GivesAddresses, IReadOnlyList<Ipv4> Others)
{
    /// <summary>Whether it is known yet that there is another server, or none.</summary>
    public bool IsDecided => GivesAddresses || Others.Count > 0;
}
