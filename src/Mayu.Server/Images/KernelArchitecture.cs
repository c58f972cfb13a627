using System.Buffers.Binary;

namespace Mayu.Server.Images;

/// <summary>What a Linux kernel is for, by the header that its boot loaders read.</summary>
internal static class KernelArchitecture
{
    /// <summary>How much of the file is needed, in bytes.</summary>
    public const int HeadLength = 4096;

    // Documentation/arch/x86/boot.rst: "HdrS" at 0x202, and whether there is a 64-bit entry, in protocol 2.12 and newer.
    private const int X86Magic = 0x202;
    private const int X86Version = 0x206;
    private const int X86LoadFlags = 0x236;

    // Documentation/arch/arm64/booting.rst.
    private const int Arm64Magic = 0x38;

    private const int PeOffset = 0x3c;

    /// <summary>The architecture; null where the header does not say: a compressed arm64 kernel, or no kernel.</summary>
    /// <param name="head">The file's beginning.</param>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        // The EFI stub makes it a PE file, which says it for every machine that UEFI knows.
        if (head.StartsWith("MZ"u8) && head.Length >= PeOffset + sizeof(int)
            && BinaryPrimitives.ReadInt32LittleEndian(head[PeOffset..]) is > 0 and var at && at <= head.Length - 6 && head[at..].StartsWith("PE\0\0"u8)
            && NameOf(BinaryPrimitives.ReadUInt16LittleEndian(head[(at + 4)..])) is { } name)
        {
            return name;
        }

        if (head.Length >= X86LoadFlags + sizeof(ushort) && head[X86Magic..].StartsWith("HdrS"u8))
        {
            return BinaryPrimitives.ReadUInt16LittleEndian(head[X86Version..]) >= 0x020c && (head[X86LoadFlags] & 1) != 0 ? "x86_64" : "x86";
        }

        return head.Length > Arm64Magic && head[Arm64Magic..].StartsWith("ARM\x64"u8) ? "arm64" : null;
    }

    // PE/COFF, IMAGE_FILE_MACHINE_*.
    private static string? NameOf(ushort machine) => machine switch
    {
        0x014c => "x86",
        0x8664 => "x86_64",
        0xaa64 => "arm64",
        0x01c0 or 0x01c2 => "arm",
        0x5064 => "riscv64",
        _ => null,
    };
}
