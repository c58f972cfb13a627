using System.Diagnostics.CodeAnalysis;
using Mayu.Primitives;

namespace Mayu.Client.Contracts;

/// <summary>
/// What the collector found on a machine: the body of <c>POST /final-ignition-config.json</c> and
/// <c>POST /final-cloud-config.yaml</c>, a superset of what the first Mayu's infopusher sent.
/// </summary>
/// <remarks>Everything in it was said by a machine: nothing is checked but the shape.</remarks>
public sealed record FactsReport : MachineFacts
{
    /// <summary>Reports nothing.</summary>
    public FactsReport()
    {
    }

    /// <summary>Reports these facts.</summary>
    public FactsReport(MachineFacts facts)
        : base(facts)
    {
    }

    /// <summary>The identity the collector chose; the server decides again. Empty where it sent none.</summary>
    [AllowNull]
    public string Serial { get; init => field = value ?? ""; } = "";

    /// <summary>DMI system UUID as the firmware says it, or null.</summary>
    public string? Uuid { get; init; }

    /// <summary>Name of the interface the machine booted from, else of the first one with a link, or null.</summary>
    public string? ConnectedNIC { get; init; }

    /// <summary>Address of the board management controller, or null when not known.</summary>
    public string? IPMIAddress { get; init; }
}
