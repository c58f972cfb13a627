using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

/// <summary>A TFTP root with an unsigned GRUB for x64 UEFI and its modules, as <c>grub-mknetdir</c> makes it.</summary>
internal sealed class GrubFolder : IDisposable
{
    /// <summary>The image that firmware loads.</summary>
    public const string CoreImage = "boot/grub/x86_64-efi/core.efi";

    public string Path { get; } = Directory.CreateTempSubdirectory("mayu-grub-").FullName;

    public async Task MakeAsync(CancellationToken cancellation) =>
        (await Tool.RunAsync(
            "grub-mknetdir", [$"--net-directory={Path}", "--subdir=boot/grub", "--directory=/usr/lib/grub/x86_64-efi"], cancellation: cancellation)).OrThrow();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
