using Mayu.Core.Machines;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>Machines: list, look at, and take through their life.</summary>
internal static class MachineEndpoints
{
    private const int MaxReason = 1000;

    public static void Map(IEndpointRouteBuilder routes, ApiContext api)
    {
        routes.MapGet("/api/v1/machines", context => ListAsync(context, api));
        routes.MapGet("/api/v1/machines/{serial}", context => ShowAsync(context, api));
        routes.MapGet("/api/v1/machines/{serial}/trace", context => TraceAsync(context, api));
        routes.MapPut("/api/v1/machines/{serial}/state", context => SetStateAsync(context, api));
    }

    private static Task ListAsync(HttpContext context, ApiContext api)
    {
        var snapshot = api.Store.Current;
        var recorded = snapshot.Machines.Select(machine => MachineView.Of(machine, api.Trace.Find(machine.Serial)));
        var sighted = api.Trace.All()
            .Where(trace => trace.Serial is { } serial && snapshot.Find(serial) is null)
            .Select(trace => MachineView.OfSighted(trace.Serial!.Value, trace));
        var list = new Contracts.MachineList { Items = [.. recorded.Concat(sighted).OrderBy(machine => machine.Serial, StringComparer.Ordinal)] };
        return ApiContext.AnswerAsync(context, list, Contracts.ApiJsonContext.Default.MachineList);
    }

    private static async Task ShowAsync(HttpContext context, ApiContext api)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial)
        {
            return;
        }

        var trace = api.Trace.Find(serial);
        var view = api.Store.Current.Find(serial) is { } machine ? MachineView.Of(machine, trace)
            : trace is not null ? MachineView.OfSighted(serial, trace)
            : null;
        await (view is null
            ? Problems.WriteAsync(context, NotFound(serial))
            : ApiContext.AnswerAsync(context, view, Contracts.ApiJsonContext.Default.Machine));
    }

    private static async Task TraceAsync(HttpContext context, ApiContext api)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial)
        {
            return;
        }

        var trace = api.Trace.Find(serial);
        if (trace is null && api.Store.Current.Find(serial) is null)
        {
            await Problems.WriteAsync(context, NotFound(serial));
            return;
        }

        var list = new Contracts.HopList { Items = [.. (trace?.Hops ?? []).Select(hop => MachineView.HopOf(hop)!)] };
        await ApiContext.AnswerAsync(context, list, Contracts.ApiJsonContext.Default.HopList);
    }

    private static async Task SetStateAsync(HttpContext context, ApiContext api)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial
            || await WireRequest.JsonAsync(context, Contracts.ApiJsonContext.Default.StateChangeRequest) is not { } request)
        {
            return;
        }

        if (!Lifecycle.TryParseState(request.State, out var state))
        {
            await Problems.WriteAsync(context, new Refusal(RefusalReason.Invalid,
                $"There is no such state; the states are {string.Join(", ", Enum.GetValues<MachineState>().Select(Lifecycle.NameOf))}."));
            return;
        }

        if (request.Reason is { Length: > MaxReason })
        {
            await Problems.WriteAsync(context, new Refusal(RefusalReason.Invalid, $"The reason has {request.Reason.Length} characters; {MaxReason} are allowed."));
            return;
        }

        var outcome = await api.Store.ChangeAsync(
            new Author(api.Keys.Operator.Name, request.Reason),
            snapshot => snapshot.Find(serial) is { } machine
                ? Lifecycle.OperatorSets(machine, state, request.KeepDiskData)
                : new Proposal.Refuse(NotFound(serial)),
            context.RequestAborted);
        await (outcome.Refusal is { } refusal
            ? Problems.WriteAsync(context, refusal)
            : ApiContext.AnswerAsync(context, MachineView.Of(outcome.Machine!, api.Trace.Find(serial)), Contracts.ApiJsonContext.Default.Machine));
    }

    private static Refusal NotFound(Serial serial) =>
        new(RefusalReason.NotFound, $"There is no machine {serial}, and none of that name was seen booting. `mayuctl list` shows all.");
}
