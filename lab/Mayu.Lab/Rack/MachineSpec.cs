using System.Globalization;

namespace Mayu.Lab.Rack;

/// <summary>What a machine of the rack is made of.</summary>
public sealed record MachineSpec
{
    /// <summary>The default size of a disk.</summary>
    public const long DefaultDiskBytes = 2L << 30;

    /// <summary>The DMI product serial; lower case, so that it is the machine's serial in Mayu as it stands.</summary>
    public required string Serial { get; init; }

    /// <summary>The DMI UUID.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Hardware address of the card it boots from, <c>52:54:00:xx:xx:xx</c> (the range QEMU uses).</summary>
    public required string MacAddress { get; init; }

    public Firmware Firmware { get; init; } = Firmware.Bios;

    /// <summary>The card it boots from.</summary>
    public NetworkCard Card { get; init; } = NetworkCard.Virtio;

    /// <summary>
    /// Whether UEFI firmware tries PXE over IPv6 after that over IPv4, as it does by itself: where nobody answers, it waits 80 s.
    /// </summary>
    public bool TriesIpv6Pxe { get; init; } = true;

    public BootOrder BootOrder { get; init; } = BootOrder.NetworkFirst;

    /// <summary>Memory in MiB.</summary>
    public int MemoryMiB { get; init; } = 384;

    /// <summary>Sizes in bytes of the disks, in order; the first one boots.</summary>
    public IReadOnlyList<long> DiskBytes { get; init; } = [DefaultDiskBytes];

    /// <summary>A machine whose identity follows from its number in the rack.</summary>
    /// <param name="number">1 to 255.</param>
    public static MachineSpec Numbered(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 255);
        return new MachineSpec
        {
            Serial = string.Create(CultureInfo.InvariantCulture, $"lab-{number:0000}"),
            Uuid = Guid.Parse($"4d617975-4c61-4062-8000-{number:000000000000}"),
            MacAddress = $"52:54:00:4d:59:{number:x2}",
        };
    }
}
