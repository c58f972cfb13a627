using Mayu.Netboot.Files;

namespace Mayu.Netboot.Tftp;

/// <summary>What TFTP works with on every interface.</summary>
/// <param name="Files">What is served.</param>
/// <param name="Settings">The limits.</param>
/// <param name="Marks">Where transfers are noted.</param>
/// <param name="Clock">Runs the time-outs.</param>
internal sealed record TftpParts(ServedFiles Files, TftpSettings Settings, TftpMarks Marks, TimeProvider Clock);
