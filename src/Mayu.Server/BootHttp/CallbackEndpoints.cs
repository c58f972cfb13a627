using System.Collections.Immutable;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.BootHttp;

/// <summary>What machines report while they install and when they run.</summary>
internal static class CallbackEndpoints
{
    private const int MaxVersions = 64;
    private const int MaxVersionLength = 256;

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

        if (report.Versions.Count > MaxVersions || report.Versions.Any(pair => pair.Key.Length is 0 or > MaxVersionLength || pair.Value.Length > MaxVersionLength))
        {
            await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "Too many or too long versions",
                $"At most {MaxVersions} versions, of at most {MaxVersionLength} characters each.");
            return;
        }

        var versions = report.Versions.ToImmutableSortedDictionary(StringComparer.Ordinal);
        var installId = string.IsNullOrEmpty(report.InstallId) ? null : report.InstallId;
        var now = boot.Clock.GetUtcNow();
        await ChangeAsync(context, boot, serial, HopKind.Complete, "it runs from its own disk", machine => Lifecycle.BootComplete(machine, installId, versions, now));
    }

    private static async Task ChangeAsync(HttpContext context, BootContext boot, Serial serial, HopKind hop, string detail, Func<Machine, Proposal> decide)
    {
        var outcome = await boot.Store.ChangeAsync(
            Author.Of(serial),
            snapshot => snapshot.Find(serial) is { } machine
                ? decide(machine)
                : Proposal.Refused(RefusalReason.NotFound, $"There is no machine {serial}; it must send its facts first."),
            context.RequestAborted);
        if (outcome.Refusal is { } refusal)
        {
            boot.Failed(serial, Hop.NameOf(hop), refusal.Detail);
            await Problems.WriteAsync(context, refusal);
            return;
        }

        boot.Trace.Mark(serial, hop, detail);
        boot.Log.Changed(serial, detail);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }
}
