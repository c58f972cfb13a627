using Mayu.Client.Contracts;
using Mayu.Lab.Rack;

namespace Mayu.Lab.Demo;

/// <summary>What the demo shows of one machine.</summary>
internal sealed record MachineLine
{
    public required string Serial { get; init; }

    public required string Firmware { get; init; }

    public string Address { get; init; } = "";

    public string Profile { get; init; } = "";

    public string State { get; init; } = "";

    /// <summary>Where it is, in words.</summary>
    public string Hop { get; init; } = "";

    /// <summary>How far a long step is, 0 to 1; null where it has no size.</summary>
    public double? Done { get; init; }

    /// <summary>Why it is stuck; null while nothing is wrong.</summary>
    public string? Problem { get; init; }

    public TimeSpan Elapsed { get; init; }

    public bool IsRunning => State == MachineStates.Running;

    /// <param name="spec">The machine in the rack.</param>
    /// <param name="known">What the server says of it; null before it was seen.</param>
    /// <param name="elapsed">Since it was switched on, until it ran.</param>
    public static MachineLine For(MachineSpec spec, Machine? known, TimeSpan elapsed)
    {
        var line = new MachineLine
        {
            Serial = spec.Serial,
            Firmware = spec.Firmware == Rack.Firmware.Bios ? "bios" : "uefi",
            Elapsed = elapsed,
        };
        return known is null
            ? line with { State = "-", Hop = "powered on" }
            : line with
            {
                Address = known.InternalAddress ?? "",
                Profile = known.Profile ?? "",
                State = known.State,
                Hop = Words(known),
                Done = known.State == MachineStates.Running ? null : Fraction(known.Hop),
                Problem = known.Problem?.Reason,
            };
    }

    private static string Words(Machine machine) => machine switch
    {
        { State: MachineStates.Running } => machine.Versions.TryGetValue("OS", out var system) ? "runs " + system : "runs",
        { Hop: null } => "",
        { Hop: { Name: HopNames.Progress, Detail: { Length: > 0 } step } } => step,

        // It goes from the network to the disk in one stream: the two marks take turns.
        { Hop: { Name: HopNames.Image } } => "writing the image",
        { Hop: { Name: HopNames.OwnDisk or HopNames.Silent } } => "booting its own disk",
        { Hop: { Name: HopNames.Installed } } => "installed, restarting",
        { Hop: { Detail: { Length: > 0 } detail } hop } => $"{hop.Name}: {detail}",
        { Hop: var hop } => hop.Name,
    };

    private static double? Fraction(Hop? hop) =>
        hop is { Bytes: { } bytes, Total: > 0 and { } total } ? Math.Clamp((double)bytes / total, 0, 1) : null;
}
