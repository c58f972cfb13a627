using System.Text;

namespace Mayu.Firmware.Tests;

/// <summary>The smallest system that can be booted: a first sector that prints a line on the serial port and halts.</summary>
internal static class BootSector
{
    private const int SectorBytes = 512;

    /// <summary>
    /// xor ax,ax; mov ds,ax; mov si,text; each: lodsb; test al,al; jz end; mov dx,0x3f8; out dx,al; jmp each; end: hlt; jmp end.
    /// The firmware loads it at 0x7c00.
    /// </summary>
    private static readonly byte[] Code =
    [
        0x31, 0xC0, 0x8E, 0xD8, 0xBE, 0x15, 0x7C, 0xAC, 0x84, 0xC0, 0x74, 0x06, 0xBA, 0xF8, 0x03, 0xEE, 0xEB, 0xF5, 0xF4, 0xEB, 0xFD,
    ];

    public static void Write(string disk, string text)
    {
        var sector = new byte[SectorBytes];
        Code.CopyTo(sector, 0);
        Encoding.ASCII.GetBytes(text).CopyTo(sector, Code.Length);
        sector[510] = 0x55;
        sector[511] = 0xAA;
        using var file = File.OpenWrite(disk);
        file.Write(sector);
    }
}
