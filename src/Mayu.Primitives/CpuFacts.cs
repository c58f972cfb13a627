namespace Mayu.Primitives;

/// <summary>The processors of a machine.</summary>
public sealed record CpuFacts
{
    /// <summary>Model name of the first processor, or null.</summary>
    public string? Model { get; init; }

    /// <summary>Processor packages, at least 1.</summary>
    public int Sockets { get; init; }

    /// <summary>Cores in all packages together.</summary>
    public int Cores { get; init; }

    /// <summary>Hardware threads in all packages together: what the kernel calls a CPU.</summary>
    public int Threads { get; init; }
}
