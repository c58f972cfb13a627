using System.CommandLine;
using System.Text.Json;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;
using Mayu.Primitives;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl profiles</c>: how full the profiles are.</summary>
internal static class ProfilesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl profiles
            mayuctl profiles -o json | jq -r '.orphaned[].serials[]'
            """;
        var command = new CtlCommand("profiles", "Show the profiles and their slots", Examples, "Show the profiles, how many of their slots are in use, and their problems.", formats: CtlCommand.OfNames);
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.GetProfilesAsync(cancellation),
            profiles => session.Show(parsed, () => JsonSerializer.SerializeToNode(profiles, ApiJsonContext.Default.ProfileList)!, () => TablePrinter.Print(
                session.TableOf(parsed),
                ["name", "slots", "used", "pinned", "free", new("requires") { Wraps = true }, new("problem") { IsBelow = true }],
                [.. profiles.Items.Select(Row), .. profiles.Orphaned.Select(Lost)]), () => profiles.Items.Concat(profiles.Orphaned).Select(profile => profile.Name)),
            cancellation));
        return command;
    }

    private static Cell[] Row(ProfileUse profile) =>
    [
        new(profile.Name),
        new(profile.Quantity?.ToString()),
        new(profile.Used.ToString()),
        new(profile.Pinned.ToString()),
        new(profile.Free?.ToString()),
        new(Requires(profile.Requires)),
        new(profile.OverFull ? "over-full" : null, StateColors.Problem),
    ];

    private static Cell[] Lost(ProfileUse profile) =>
    [
        new(profile.Name),
        new(null),
        new(profile.Used.ToString()),
        new(profile.Pinned.ToString()),
        new(null),
        new(null),
        new($"not in the configuration{(profile.Serials is { Count: > 0 } serials ? $": {string.Join(", ", serials)}" : "")}", StateColors.Problem),
    ];

    private static string? Requires(ProfileRequirements? least) => least is null
        ? null
        : string.Join(", ", new[]
        {
            least.MemoryBytes is { } memory ? $"memory {SizeText.Format(memory)}" : null,
            least.DiskBytes is { } disk ? $"disk {SizeText.Format(disk)}" : null,
            least.CpuThreads is { } threads ? $"{threads} CPU threads" : null,
            least.Nics is { } nics ? $"{nics} nics" : null,
            least.NicSpeedMbps is { } speed ? $"{speed} Mbit/s" : null,
            least.Vendor is { } vendor ? $"vendor {vendor}" : null,
            least.Product is { } product ? $"product {product}" : null,
        }.OfType<string>());
}
