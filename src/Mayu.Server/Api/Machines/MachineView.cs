using System.Collections.Immutable;
using System.Text.Json;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Machines;

/// <summary>A machine as the API shows it: its record, and what its boot trace says.</summary>
internal static class MachineView
{
    /// <summary>Of a machine with a record.</summary>
    public static Contracts.Machine Of(Machine machine, TraceHead? trace, Stall? stall) => new()
    {
        Serial = machine.Serial.Text,
        HasRecord = true,
        Uuid = machine.Uuid?.ToString("D"),
        Hostname = machine.Hostname,
        MacAddresses = [.. machine.MacAddresses.Select(mac => mac.ToString())],
        ConnectedNic = machine.ConnectedNic,
        State = Lifecycle.NameOf(machine.State),
        Profile = machine.Profile,
        InstalledProfile = machine.State is MachineState.Unknown or MachineState.Configured ? null : machine.InstalledProfile,
        InternalAddress = machine.InternalAddress?.ToString(),
        AdditionalAddresses = machine.AdditionalAddresses.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal),
        BmcAddress = machine.BmcAddress?.ToString(),
        ProviderId = machine.ProviderId,
        Cabinet = machine.Cabinet,
        Notes = machine.Notes,
        Image = machine.Image,
        Firmware = machine.Facts?.Firmware,
        MachineId = machine.MachineId,
        FirstSeen = machine.FirstSeen,
        LastSeen = trace?.Last.At ?? machine.LastBoot,
        LastBoot = trace is { Last: { Kind: HopKind.Complete, At: var at } } && !(machine.LastBoot > at) ? at : machine.LastBoot,
        Enabled = machine.Enabled,
        KeepDiskData = machine.KeepDiskData,
        Versions = machine.Versions,
        Overrides = machine.Overrides.ToImmutableSortedDictionary(
            pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value, Contracts.ApiJsonContext.Default.String), StringComparer.Ordinal),
        Metadata = machine.Metadata,
        SharesSerial = machine.SharesSerial ? true : null,
        SharesUuid = machine.SharesUuid ? true : null,
        Conflict = machine.Conflict is { } claim ? ClaimOf(claim) : null,
        Problem = ProblemOf(trace?.Problem),
        Stall = StallOf(stall),
        Hop = HopOf(trace?.Last, machine.MacAddresses),
        Facts = machine.Facts is not { } facts ? null : new Contracts.FactsReport(facts)
        {
            Serial = machine.Serial.Text,
            Uuid = machine.Uuid?.ToString("D"),
            ConnectedNIC = machine.ConnectedNic,
            IPMIAddress = machine.BmcAddress?.ToString(),
        },
    };

    /// <summary>Of a machine that was seen booting and has no record yet.</summary>
    public static Contracts.Machine OfSighted(Serial serial, TraceHead trace, Stall? stall) => new()
    {
        Serial = serial.Text,
        MacAddresses = [.. trace.Macs.Select(mac => mac.ToString())],
        State = Lifecycle.NameOf(MachineState.Unknown),
        FirstSeen = trace.First,
        LastSeen = trace.Last.At,
        Enabled = true,
        Problem = ProblemOf(trace.Problem),
        Stall = StallOf(stall),
        Hop = HopOf(trace.Last),
    };

    /// <summary>One mark of the trace.</summary>
    /// <param name="hop">The mark.</param>
    /// <param name="own">The machine's MACs: a mark from another one says which. Default: none says it.</param>
    public static Contracts.Hop? HopOf(Hop? hop, ImmutableArray<MacAddress> own = default) => hop is null
        ? null
        : new Contracts.Hop
        {
            Name = hop.Name,
            MacAddress = !own.IsDefault && hop.Mac is { } mac && !own.Contains(mac) ? mac.ToString() : null,
            At = hop.At,
            Count = hop.Count,
            First = hop.Count > 1 ? hop.First : null,
            Detail = hop.Detail,
            Bytes = hop.Bytes,
            Total = hop.Total,
            DurationMs = (long?)hop.Took?.TotalMilliseconds,
        };

    /// <summary>What went wrong last.</summary>
    public static Contracts.ProblemReport? ProblemOf(BootProblem? problem) => problem is null
        ? null
        : new Contracts.ProblemReport { At = problem.At, Hop = problem.Hop, Reason = problem.Reason };

    /// <summary>The hop that did not follow.</summary>
    public static Contracts.StallReport? StallOf(Stall? stall) => stall is null
        ? null
        : new Contracts.StallReport
        {
            Since = stall.Since,
            After = Hop.NameOf(stall.After),
            Expected = Hop.NameOf(stall.Expected),
            Reason = stall.Reason,
            Causes = stall.Causes,
        };

    private static Contracts.IdentityClaim ClaimOf(IdentityClaim claim) => new()
    {
        Serial = claim.Serial?.Text,
        Uuid = claim.Uuid?.ToString("D"),
        MacAddresses = [.. claim.MacAddresses.Select(mac => mac.ToString())],
        Others = [.. claim.Others.Select(other => other.Text)],
        At = claim.At,
        Why = claim.Why,
        Remedy = claim.Remedy,
    };
}
