using System.Collections.Immutable;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Decisions;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.BootHttp;

/// <summary>What machines report while they install and when they run.</summary>
internal sealed class CallbackEndpoints(BootContext boot, BootAccess access, ReportPace pace)
{
    private const int MaxVersions = 16;

    // As long as what uname(2) tells of a kernel.
    private const int MaxVersionLength = 64;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/callbacks/{serial}/progress", Progress);
        routes.MapPost("/callbacks/{serial}/failed", Failed);
        routes.MapPost("/callbacks/{serial}/installed", InstalledAsync);
        routes.MapPost("/callbacks/{serial}/boot_complete", BootCompleteAsync);
    }

    private Results<Accepted, Problem> Progress(SerialSegment machine, SentToken token, HttpPeer peer, JsonBody<Contracts.ProgressReport> body)
    {
        if (access.Refuse(machine.Value, token, peer) is { } refusal)
        {
            return refusal;
        }

        var report = body.Value;
        if (report.Done < 0 || report.Total < 0)
        {
            return new Problem(StatusCodes.Status400BadRequest, "The progress is not valid", "The numbers done and total must be 0 or more.");
        }

        boot.Trace.Mark(machine.Value, HopKind.Progress, report.What, report.Done, report.Total, mac: boot.MacOf(peer));
        return TypedResults.Accepted((string?)null);
    }

    private Results<Accepted, Problem> Failed(SerialSegment machine, SentToken token, HttpPeer peer, JsonBody<Contracts.FailureReport> body)
    {
        if (access.Refuse(machine.Value, token, peer) is { } refusal)
        {
            return refusal;
        }

        var report = body.Value;
        boot.Failed(peer, machine.Value, report.Step.Length > 0 ? report.Step : "unnamed step", report.Reason.Length > 0 ? report.Reason : "no reason was given");
        return TypedResults.Accepted((string?)null);
    }

    private async Task<Results<Accepted, Problem>> InstalledAsync(SerialSegment machine, SentToken token, HttpPeer peer, CancellationToken aborted)
    {
        if (access.Refuse(machine.Value, token, peer) is { } refusal)
        {
            return refusal;
        }

        var answer = await ChangeAsync(machine.Value, peer, HopKind.Installed, "its disk is written", Lifecycle.Installed, aborted);
        if (answer.Result is Accepted)
        {
            boot.Tokens.Spend(machine.Value);
        }

        return answer;
    }

    private async Task<Results<Accepted, Problem>> BootCompleteAsync(
        SerialSegment machine, SentToken token, HttpPeer peer, JsonBody<Contracts.BootCompleteReport> body, CancellationToken aborted)
    {
        // What is too long or too much is left out: a system that runs is never refused for what it says besides.
        var report = body.Value;
        var versions = report.Versions.Where(pair => pair.Key.Length is > 0 and <= MaxVersionLength)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Take(MaxVersions)
            .ToImmutableSortedDictionary(pair => pair.Key, pair => CutText.Of(pair.Value, MaxVersionLength), StringComparer.Ordinal);
        var installId = string.IsNullOrEmpty(report.InstallId) ? null : report.InstallId;
        // A system that names its installation has that from its config, and the token of its boot no more.
        if (installId is null && access.Refuse(machine.Value, token, peer) is { } refusal)
        {
            return refusal;
        }

        var now = boot.Clock.GetUtcNow();
        var answer = await ChangeAsync(
            machine.Value, peer, HopKind.Complete, "it runs from its own disk", record => Lifecycle.BootComplete(record, installId, versions, now), aborted);
        if (answer.Result is Accepted)
        {
            // A live system has its config by now, and its kernel line may still have the token.
            boot.Tokens.Spend(machine.Value);
        }

        return answer;
    }

    private async Task<Results<Accepted, Problem>> ChangeAsync(
        Serial serial, HttpPeer peer, HopKind hop, string detail, Func<Machine, Proposal> decide, CancellationToken aborted)
    {
        var room = pace.Room();
        var outcome = await boot.Store.ChangeAsync(
            Author.Of(serial),
            snapshot => snapshot.Find(serial) is { } machine
                ? room.Limit(snapshot, decide(machine))
                : Proposal.Refused(RefusalReason.NotFound, $"There is no machine {serial}; it must send its facts first."),
            aborted);
        if (outcome.Refusal is { } refusal)
        {
            if (hop == HopKind.Complete && boot.Store.Current.Find(serial) is { } record && !boot.IsAddressOf(record, peer))
            {
                // It needs no token, and does not come from the machine: that is no problem of the machine.
                boot.Mark(peer, serial, HopKind.Refused, $"{Hop.NameOf(hop)} from {peer.Address}: {refusal.Detail}");
            }
            else
            {
                boot.Failed(peer, serial, Hop.NameOf(hop), refusal.Detail);
            }

            return Problem.Of(refusal);
        }

        if (room.HeldBack)
        {
            boot.Log.HeldBack(serial, "versions");
        }

        boot.Mark(peer, serial, hop, room.HeldBack ? $"{detail}; its versions changed too often and are not recorded" : detail);
        boot.Log.Changed(serial, detail);
        return TypedResults.Accepted((string?)null);
    }
}
