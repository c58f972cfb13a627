using System.Text.Json.Serialization;

namespace Mayu.Server.Diff;

/// <summary>A comparison as <c>-o json</c> prints it.</summary>
internal sealed record DiffReport
{
    /// <summary>The one side.</summary>
    public required string From { get; init; }

    /// <summary>The other side.</summary>
    public required string To { get; init; }

    /// <summary>The changes, those that are alike together.</summary>
    public required IReadOnlyList<DiffGroup> Changes { get; init; }

    /// <summary>How many machines were compared.</summary>
    public required int Machines { get; init; }

    /// <summary>How many of them change.</summary>
    public required int ChangedMachines { get; init; }

    /// <summary>How many of them have no config any more.</summary>
    public required int BrokenMachines { get; init; }

    /// <summary>What is not compared, or not kept in the repository, each a sentence.</summary>
    public required IReadOnlyList<string> Outside { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(DiffReport))]
internal sealed partial class DiffJsonContext : JsonSerializerContext;
