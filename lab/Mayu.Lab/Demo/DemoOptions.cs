using Mayu.Lab.Server;

namespace Mayu.Lab.Demo;

/// <summary>What the demo was asked for.</summary>
internal sealed record DemoOptions
{
    /// <summary>Most machines: each takes some 400 MB of memory and a share of the processors.</summary>
    public const int MostMachines = 32;

    public int Machines { get; init; } = 3;

    public FirmwareMix Firmware { get; init; } = FirmwareMix.Mixed;

    /// <summary>Who answers DHCP and TFTP.</summary>
    public LabEngine Engine { get; init; }

    /// <summary>Leaves when all machines run, or when the time is up.</summary>
    public bool Once { get; init; }

    /// <summary>Leaves disks, logs and the cluster directory behind.</summary>
    public bool Keep { get; init; }

    /// <summary>How long the machines may take until all run.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Under this folder each run has one of its own.</summary>
    public required string WorkFolder { get; init; }

    public required string Mayu { get; init; }

    public required string Mayuctl { get; init; }

    public string? InfoPusher { get; init; }

    public required string Images { get; init; }
}
