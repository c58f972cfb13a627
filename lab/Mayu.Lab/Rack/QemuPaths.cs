namespace Mayu.Lab.Rack;

/// <summary>The files a QEMU process works with.</summary>
internal sealed record QemuPaths
{
    /// <summary>Serial console, appended to.</summary>
    public required string Console { get; init; }

    /// <summary>Socket of the machine protocol (QMP). At most 107 characters, as every Unix socket.</summary>
    public required string ControlSocket { get; init; }

    /// <summary>Raw disk images.</summary>
    public required IReadOnlyList<string> Disks { get; init; }

    /// <summary>The machine's own copy of OVMF's variable store; its boot entries live there. UEFI only.</summary>
    public required string FirmwareVariables { get; init; }
}
