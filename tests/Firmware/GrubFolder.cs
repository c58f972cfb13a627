using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

/// <summary>A TFTP root with an unsigned GRUB and its modules, for x64 UEFI and for BIOS, as <c>grub-mknetdir</c> makes it.</summary>
internal sealed class GrubFolder : IDisposable
{
    /// <summary>The image that UEFI firmware loads.</summary>
    public const string CoreImage = "boot/grub/x86_64-efi/core.efi";

    /// <summary>The image that a BIOS loads.</summary>
    public const string BiosImage = "boot/grub/i386-pc/core.0";

    private static readonly string[] Platforms = ["x86_64-efi", "i386-pc"];

    public string Path { get; } = Directory.CreateTempSubdirectory("mayu-grub-").FullName;

    public async Task MakeAsync(CancellationToken cancellation)
    {
        foreach (var platform in Platforms)
        {
            (await Tool.RunAsync(
                "grub-mknetdir", [$"--net-directory={Path}", "--subdir=boot/grub", $"--directory=/usr/lib/grub/{platform}"], cancellation: cancellation)).OrThrow();
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
