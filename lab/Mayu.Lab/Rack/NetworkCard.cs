namespace Mayu.Lab.Rack;

/// <summary>The card that a machine boots from. On a BIOS its own boot ROM is QEMU's iPXE for it.</summary>
public enum NetworkCard
{
    /// <summary>virtio-net.</summary>
    Virtio,

    /// <summary>
    /// Intel's e1000. Debian's cloud kernel has no driver for it, so the machine has a virtio card beside it, which the system that was booted speaks
    /// through.
    /// </summary>
    E1000,

    /// <summary>Realtek's 8139; with a virtio card beside it, for the same reason.</summary>
    Rtl8139,
}
