using System.Collections.Immutable;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.BootHttp;

/// <summary>What machines report while they install and when they run.</summary>
internal static class CallbackEndpoints
{
    private const int MaxVersions = 16;

    // As long as what uname(2) tells of a kernel.
    private const int MaxVersionLength = 64;

    public static void Map(IEndpointRouteBuilder routes, BootContext boot)
    {
        routes.MapPost("/callbacks/{serial}/progress", context => ProgressAsync(context, boot));
        routes.MapPost("/callbacks/{serial}/failed", context => FailedAsync(context, boot));
        routes.MapPost("/callbacks/{serial}/installed", context => InstalledAsync(context, boot));
        routes.MapPost("/callbacks/{serial}/boot_complete", context => BootCompleteAsync(context, boot));
    }

    private static async Task ProgressAsync(HttpContext context, BootContext boot)
    {
        if (await WireRequest.SerialAsync(context) is { } serial
            && await WireRequest.JsonAsync(context, Contracts.BootJsonContext.Default.ProgressReport) is { } report)
        {
            if (report.Done < 0 || report.Total < 0)
            {
                await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "The progress cannot be used", "The numbers done and total are 0 or more.");
                return;
            }

            boot.Trace.Mark(serial, HopKind.Progress, report.What, report.Done, report.Total);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    private static async Task FailedAsync(HttpContext context, BootContext boot)
    {
        if (await WireRequest.SerialAsync(context) is { } serial
            && await WireRequest.JsonAsync(context, Contracts.BootJsonContext.Default.FailureReport) is { } report)
        {
            boot.Failed(serial, report.Step.Length > 0 ? report.Step : "unnamed step", report.Reason.Length > 0 ? report.Reason : "no reason was given");
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    private static async Task InstalledAsync(HttpContext context, BootContext boot)
    {
        if (await WireRequest.SerialAsync(context) is { } serial)
        {
            await ChangeAsync(context, boot, serial, HopKind.Installed, "its disk is written", Lifecycle.Installed);
        }
    }

    private static async Task BootCompleteAsync(HttpContext context, BootContext boot)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial
            || await WireRequest.JsonAsync(context, Contracts.BootJsonContext.Default.BootCompleteReport) is not { } report)
        {
            return;
        }

        // What is too long or too much is left out: a system that runs is never refused for what it says besides.
        var versions = report.Versions.Where(pair => pair.Key.Length is > 0 and <= MaxVersionLength)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Take(MaxVersions)
            .ToImmutableSortedDictionary(pair => pair.Key, pair => WireText.Cut(pair.Value, MaxVersionLength), StringComparer.Ordinal);
        var installId = string.IsNullOrEmpty(report.InstallId) ? null : report.InstallId;
        var now = boot.Clock.GetUtcNow();
        await ChangeAsync(context, boot, serial, HopKind.Complete, "it runs from its own disk", machine => Lifecycle.BootComplete(machine, installId, versions, now));
    }

    private static async Task ChangeAsync(HttpContext context, BootContext boot, Serial serial, HopKind hop, string detail, Func<Machine, Proposal> decide)
    {
        var room = boot.Reports.Room();
        var outcome = await boot.Store.ChangeAsync(
            Author.Of(serial),
            snapshot => snapshot.Find(serial) is { } machine
                ? room.Limit(snapshot, decide(machine))
                : Proposal.Refused(RefusalReason.NotFound, $"There is no machine {serial}; it must send its facts first."),
            context.RequestAborted);
        if (outcome.Refusal is { } refusal)
        {
            boot.Failed(serial, Hop.NameOf(hop), refusal.Detail);
            await Problems.WriteAsync(context, refusal);
            return;
        }

        if (room.HeldBack)
        {
            boot.Log.HeldBack(serial, "versions");
        }

        boot.Trace.Mark(serial, hop, room.HeldBack ? $"{detail}; its versions changed too often and are not written down" : detail);
        boot.Log.Changed(serial, detail);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }
}
