using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>Machines: list and look at, as they are and as they were.</summary>
internal static class MachineEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ApiContext api)
    {
        routes.MapGet("/api/v1/machines", context => ListAsync(context, api));
        routes.MapGet("/api/v1/machines/{serial}", context => ShowAsync(context, api));
    }

    private static Task ListAsync(HttpContext context, ApiContext api)
    {
        var snapshot = api.Store.Current;
        var recorded = snapshot.Machines.Select(machine => (machine.Serial, Machine: (Machine?)machine, Sighted: (TraceHead?)null));
        var sighted = api.Trace.Strangers()
            .Where(trace => trace.Serial is { } serial && snapshot.Find(serial) is null)
            .Select(trace => (Serial: trace.Serial!.Value, Machine: (Machine?)null, Sighted: (TraceHead?)trace));
        var machines = recorded.Concat(sighted).OrderBy(one => one.Serial.Text, StringComparer.Ordinal)
            .Select(one => one.Machine is { } machine ? api.ViewOf(machine) : MachineView.OfSighted(one.Serial, one.Sighted!, api.Watch.StallOf(one.Sighted!)));
        return ApiContext.AnswerListAsync(context, machines, Contracts.ApiJsonContext.Default.Machine);
    }

    private static async Task ShowAsync(HttpContext context, ApiContext api)
    {
        var query = new QueryReader(context.Request.Query);
        var at = query.Moment("at");
        if (!await query.AcceptAsync(context) || await WireRequest.SerialAsync(context) is not { } serial)
        {
            return;
        }

        if (at is not null)
        {
            var earlier = await api.Store.MachineAtAsync(serial, at, context.RequestAborted);
            await (earlier is null
                ? Problems.WriteAsync(context, new Refusal(RefusalReason.NotFound, $"Machine {serial} had no record at {at.Change ?? $"{at.At:u}"}."))
                : ApiContext.AnswerAsync(context, MachineView.Of(earlier, trace: null, stall: null), Contracts.ApiJsonContext.Default.Machine));
            return;
        }

        var view = api.Store.Current.Find(serial) is { } machine ? api.ViewOf(machine)
            : api.Trace.Head(serial) is { } trace ? MachineView.OfSighted(serial, trace, api.Watch.StallOf(trace))
            : null;
        await (view is null
            ? Problems.WriteAsync(context, api.NotFound(serial))
            : ApiContext.AnswerAsync(context, view, Contracts.ApiJsonContext.Default.Machine));
    }
}
