namespace Mayu.Lab.Server;

/// <summary>Which programs and images the rack's server works with, and what it is configured to do.</summary>
public sealed record LabServerOptions
{
    /// <summary>The program <c>mayu</c>.</summary>
    public required string Mayu { get; init; }

    /// <summary>The program <c>mayuctl</c>.</summary>
    public required string Mayuctl { get; init; }

    /// <summary>The static program <c>infopusher</c>; null where the discovery image carries it.</summary>
    public string? InfoPusher { get; init; }

    /// <summary>Who answers DHCP and TFTP.</summary>
    public LabEngine Engine { get; init; }

    /// <summary>The folder with <c>discovery/</c> and <c>lab-os/</c>.</summary>
    public required string Images { get; init; }

    /// <summary>Last byte of the first and the last address that machines keep for good.</summary>
    public (byte First, byte Last) InternalRange { get; init; } = (10, 99);

    /// <summary>What is set besides, before the file: <c>dhcp.mode=proxy</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>What holds for every profile beside its image, as in <c>localboot: silent</c>.</summary>
    public string? Defaults { get; init; }

    /// <summary>Words of the discovery system's kernel line beside the lab's own.</summary>
    public IReadOnlyList<string> KernelArguments { get; init; } = [];

    /// <summary>Further lines of the configuration, whole sections of YAML.</summary>
    public string More { get; init; } = "";

    /// <summary>The profiles, in order.</summary>
    public IReadOnlyList<LabProfile> Profiles { get; init; } =
    [
        new LabProfile { Name = "core", Quantity = 2, Tags = ["role=core"] },
        new LabProfile { Name = "default" },
    ];
}
