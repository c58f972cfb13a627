namespace Mayu.Ctl.Simulate;

/// <summary>One step of a simulated boot.</summary>
public sealed record SimulatedHop
{
    /// <summary>Which: discover, offer, request, ack, proxy, file, script, kernel, initrd, boot, first-stage, config, or failed.</summary>
    public required string Name { get; init; }

    /// <summary>What it got, as half a sentence.</summary>
    public required string Detail { get; init; }

    /// <summary>How long it took, in milliseconds; null where nothing was waited for.</summary>
    public double? DurationMs { get; init; }

    /// <summary>How many bytes came; null where no bytes flow.</summary>
    public long? Bytes { get; init; }
}
