using System.Text.Json.Serialization;

namespace Mayu.Ctl.Simulate;

/// <summary>What a simulated boot came to.</summary>
public sealed record SimulationReport
{
    /// <summary>Whether it came to where a real machine would go on by itself.</summary>
    public required bool Ok { get; init; }

    /// <summary>Where it ended, as a sentence; of a failure, the reason.</summary>
    public required string Result { get; init; }

    /// <summary>The hop that failed; null after a success.</summary>
    public string? StoppedAt { get; init; }

    /// <summary>The usual cause, and what to look at; null after a success.</summary>
    public string? Advice { get; init; }

    /// <summary>The MAC that it had.</summary>
    public required string MacAddress { get; init; }

    /// <summary>The serial that it told.</summary>
    public required string Serial { get; init; }

    /// <summary>The UUID that it told.</summary>
    public required string Uuid { get; init; }

    /// <summary>The firmware that it played.</summary>
    public required string Firmware { get; init; }

    /// <summary>Each hop, in order.</summary>
    public required IReadOnlyList<SimulatedHop> Hops { get; init; }
}

/// <summary>The JSON of a simulation.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SimulationReport))]
internal sealed partial class SimulationJsonContext : JsonSerializerContext;
