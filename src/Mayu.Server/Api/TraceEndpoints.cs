using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>The boot traces: of a machine by its serial, of anybody by its MAC, and who was seen that nobody knows.</summary>
internal static class TraceEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ApiContext api)
    {
        routes.MapGet("/api/v1/machines/{serial}/trace", context => TraceAsync(context, api));
        routes.MapGet("/api/v1/strangers", context => StrangersAsync(context, api));
    }

    /// <summary>
    /// Finds whom a path or a query means: by serial, and where nobody has that serial, by MAC. Who is seen and has no record may be called by
    /// its MAC: then it is both.
    /// </summary>
    public static (Serial? Serial, MacAddress? Mac) Resolve(ApiContext api, Serial serial)
    {
        if (api.Store.Current.Find(serial) is not null || !MacAddress.TryParse(serial.Text, out var mac))
        {
            return (serial, null);
        }

        return api.Trace.Head(serial) is not null ? (serial, mac) : (api.Decisions.Identify(mac).Machine?.Serial ?? api.Trace.SerialOf(mac), mac);
    }

    private static async Task TraceAsync(HttpContext context, ApiContext api)
    {
        if (await WireRequest.SerialAsync(context) is not { } asked)
        {
            return;
        }

        var (serial, mac) = Resolve(api, asked);
        var trace = (serial is { } named ? api.Trace.Find(named) : null) ?? (mac is { } address ? api.Trace.Find(address) : null);
        var machine = serial is { } known ? api.Store.Current.Find(known) : null;
        if (trace is null && machine is null)
        {
            await Problems.WriteAsync(context, mac is { } unseen
                ? new Refusal(RefusalReason.NotFound, $"No machine has the MAC {unseen}, and none was seen booting from it. `mayuctl trace` shows who was.")
                : api.NotFound(asked));
            return;
        }

        var head = trace is null ? null : HeadOf(api, trace);
        var list = new Contracts.HopList
        {
            Serial = (machine?.Serial ?? trace?.Serial)?.Text,
            MacAddresses = [.. (machine?.MacAddresses ?? []).Concat(trace?.Macs ?? []).Distinct().Select(it => it.ToString())],
            State = machine is null ? null : Lifecycle.NameOf(machine.State),
            Problem = MachineView.ProblemOf(trace?.Problem),
            Stall = MachineView.StallOf(head is null ? null : api.Watch.StallOf(head)),
            Items = [.. (trace?.Hops ?? []).Select(hop => MachineView.HopOf(hop)!)],
        };
        await ApiContext.AnswerAsync(context, list, Contracts.ApiJsonContext.Default.HopList);
    }

    private static TraceHead? HeadOf(ApiContext api, MachineTrace trace) =>
        trace.Serial is { } serial ? api.Trace.Head(serial) : trace.Macs.IsEmpty ? null : api.Trace.Head(trace.Macs[^1]);

    private static Task StrangersAsync(HttpContext context, ApiContext api)
    {
        var snapshot = api.Store.Current;
        var strangers = api.Trace.Strangers().Where(head => head.Serial is not { } serial || snapshot.Find(serial) is null);
        var list = new Contracts.StrangerList { Items = [.. strangers.OrderByDescending(head => head.Last.At).Select(head => ViewOf(api, head))] };
        return ApiContext.AnswerAsync(context, list, Contracts.ApiJsonContext.Default.StrangerList);
    }

    private static Contracts.Stranger ViewOf(ApiContext api, TraceHead head) => new()
    {
        Serial = head.Serial?.Text,
        MacAddresses = [.. head.Macs.Select(mac => mac.ToString())],
        FirstSeen = head.First,
        LastSeen = head.Last.At,
        Hop = MachineView.HopOf(head.Last),
        Problem = MachineView.ProblemOf(head.Problem),
        Stall = MachineView.StallOf(api.Watch.StallOf(head)),
    };
}
