using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>What certain clients cannot stand.</summary>
internal interface ITftpQuirks
{
    /// <summary>The largest <c>blksize</c> that this client is given, at least 8; null: as large as the network's. Asked once a request; it must wait for nothing.</summary>
    int? MaximumBlockSize(Ipv4 client);
}
