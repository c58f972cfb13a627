using System.Runtime.InteropServices;
using Mayu.Linux.Sockets;
using Mayu.Netboot.Files;
using Mayu.Protocols.Tftp;

namespace Mayu.Netboot.Tftp;

/// <summary>A read request that a transfer answers.</summary>
/// <param name="File">What is sent; the transfer's to dispose of.</param>
/// <param name="Agreement">What both sides hold to.</param>
/// <param name="Client">Whom it goes to.</param>
/// <param name="Hash">A hash of the request's bytes, to know the same request when it comes again.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GrantedRequest(ServedFile File, TftpAgreement Agreement, SocketName Client, int Hash);
