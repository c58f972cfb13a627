using System.Runtime.InteropServices;

namespace Mayu.Protocols.Tftp;

/// <summary>What the sending side does next.</summary>
/// <param name="Kind">What.</param>
/// <param name="FirstBlock">The first block to send, counted from 1 without wrapping; its number on the wire is the lowest 16 bits.</param>
/// <param name="Blocks">How many blocks to send, one after the other.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TftpStep(TftpStepKind Kind, long FirstBlock = 0, int Blocks = 0);
