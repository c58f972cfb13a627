using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Access;
using Mayu.Server.Api.Machines;
using Mayu.Server.Auth;
using Mayu.Server.BootHttp;
using Mayu.Server.Decisions;
using Mayu.Server.Http;
using Mayu.Server.Live;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Legacy;

/// <summary>
/// The admin requests of the first Mayu: 202 on success, 400 with a reason in plain text. Each makes the same change as a request of the
/// API; <c>set_installed</c> and <c>boot_complete</c> are what machines report.
/// </summary>
internal sealed class LegacyEndpoints(MachineChanges changes, BootContext boot, OverrideChecks checks)
{
    private readonly ReportPace _pace = new(boot.Clock);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin/hosts", () => TypedResults.Ok(
            boot.Store.Current.Machines.OrderBy(machine => machine.Serial.Text, StringComparer.Ordinal).Select(LegacyHostView.Of))).ForLegacy(Role.Viewer);
        routes.MapPut("/admin/host/{serial}/boot_complete", BootCompleteAsync).ForLegacy(Role.Operator);
        routes.MapPut("/admin/host/{serial}/mark_fresh", (SerialSegment asked, Caller caller, CancellationToken aborted) =>
            ChangeAsync(asked, caller, machine => Lifecycle.OperatorSets(machine, MachineState.Configured, keepDiskData: false), aborted)).ForLegacy(Role.Operator);
        routes.MapPut("/admin/host/{serial}/override", OverrideAsync).ForLegacy(Role.Operator);
        routes.MapPut("/admin/host/{serial}/set_cabinet", (SerialSegment asked, JsonBody<Contracts.LegacyHost> body, Caller caller, CancellationToken aborted) =>
            ChangeAsync(asked, caller, machine => LegacyChanges.SetCabinet(machine, body.Value), aborted)).ForLegacy(Role.Operator);
        routes.MapPut("/admin/host/{serial}/set_etcd_cluster_token", (SerialSegment asked, JsonBody<Contracts.LegacyHost> body, Caller caller, CancellationToken aborted) =>
            ChangeAsync(asked, caller, machine => LegacyChanges.SetEtcdToken(machine, body.Value, checks), aborted)).ForLegacy(Role.Operator);
        routes.MapPut("/admin/host/{serial}/set_installed", InstalledAsync).ForLegacy(Role.Operator);
        routes.MapPut("/admin/host/{serial}/set_ipmi_addr", (SerialSegment asked, JsonBody<Contracts.LegacyHost> body, Caller caller, CancellationToken aborted) =>
            ChangeAsync(asked, caller, machine => LegacyChanges.SetIpmiAddress(machine, body.Value), aborted)).ForLegacy(Role.Operator);
        routes.MapPut("/admin/host/{serial}/set_metadata", (SerialSegment asked, JsonBody<Contracts.LegacyHost> body, Caller caller, CancellationToken aborted) =>
            ChangeAsync(asked, caller, machine => LegacyChanges.SetMetadata(machine, body.Value), aborted)).ForLegacy(Role.Operator);
        routes.MapPut("/admin/host/{serial}/set_provider_id", (SerialSegment asked, JsonBody<Contracts.LegacyHost> body, Caller caller, CancellationToken aborted) =>
            ChangeAsync(asked, caller, machine => LegacyChanges.SetProviderId(machine, body.Value), aborted)).ForLegacy(Role.Operator);
        routes.MapPut("/admin/host/{serial}/set_state", (SerialSegment asked, JsonBody<Contracts.LegacyHost> body, Caller caller, CancellationToken aborted) =>
            ChangeAsync(asked, caller, machine => LegacyChanges.SetState(machine, body.Value), aborted)).ForLegacy(Role.Operator);
    }

    private async Task<Results<Accepted, TextAnswer, Problem>> OverrideAsync(SerialSegment asked, JsonBody<Contracts.LegacyHost> body, Caller caller, CancellationToken aborted) =>
        Answer(await changes.ChangeAsync(asked.Value, Order(caller), (snapshot, machine) => LegacyChanges.Override(snapshot, machine, body.Value, checks), aborted));

    private async Task<Results<Accepted, TextAnswer, Problem>> InstalledAsync(SerialSegment asked, Caller caller, CancellationToken aborted)
    {
        var answer = await ChangeAsync(asked, caller, Lifecycle.Installed, aborted);
        Mark(answer, asked.Value, HopKind.Installed, "its disk is written");
        return answer;
    }

    private async Task<Results<Accepted, TextAnswer, Problem>> BootCompleteAsync(SerialSegment asked, JsonBody<Contracts.LegacyHost> body, Caller caller, CancellationToken aborted)
    {
        var (versions, now, room) = (LegacyVersions.Of(body.Value), boot.Clock.GetUtcNow(), _pace.Room());
        var answer = Answer(await changes.ChangeAsync(
            asked.Value, Order(caller), (snapshot, machine) => room.Limit(snapshot, Lifecycle.BootComplete(machine, installId: null, versions, now)), aborted));
        if (room.HeldBack)
        {
            boot.Log.HeldBack(asked.Value, "versions");
        }

        Mark(answer, asked.Value, HopKind.Complete, "it runs from its own disk");
        return answer;
    }

    private async Task<Results<Accepted, TextAnswer, Problem>> ChangeAsync(SerialSegment asked, Caller caller, Func<Machine, Proposal> decide, CancellationToken aborted) =>
        Answer(await changes.ChangeAsync(asked.Value, Order(caller), (_, machine) => decide(machine), aborted));

    private static ChangeOrder Order(Caller caller) => new(caller, Reason: null, IfMatch.Any);

    private static Results<Accepted, TextAnswer, Problem> Answer(ChangeOutcome outcome) => outcome.Refusal switch
    {
        null => TypedResults.Accepted((string?)null),
        { Reason: RefusalReason.NotAllowed } refusal => Problem.Of(refusal),
        var refusal => new TextAnswer(refusal.Detail + "\n", "text/plain; charset=utf-8", StatusCodes.Status400BadRequest),
    };

    // As after a machine's own report.
    private void Mark(Results<Accepted, TextAnswer, Problem> answer, Serial serial, HopKind hop, string detail)
    {
        if (answer.Result is Accepted)
        {
            boot.Tokens.Spend(serial);
            boot.Trace.Mark(serial, hop, detail, mac: null);
            boot.Log.Changed(serial, detail);
        }
    }
}
