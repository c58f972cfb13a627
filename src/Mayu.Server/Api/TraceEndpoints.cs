using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Server.Access;
using Mayu.Server.Api.Machines;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Mayu.Server.Watch;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>The boot traces: of a machine by its serial, of anybody by its MAC, and who was seen that nobody knows.</summary>
internal sealed class TraceEndpoints(MachineDirectory directory, IMachineStore store, BootTrace traces, BootWatch watch)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/machines/{serial}/trace", Trace).For(Role.Viewer)
            .WithName("getTrace").WithSummary("The hops of a machine's boots, and the hop that did not follow. A MAC works in the place of the serial.");
        routes.MapGet("/api/v1/strangers", Strangers).For(Role.Viewer)
            .WithName("listStrangers").WithSummary("Devices that were seen in the boot network and have no record, the last seen first.");
    }

    private Results<Ok<Contracts.HopList>, Problem> Trace(SerialSegment asked)
    {
        var (serial, mac) = directory.Resolve(asked.Value);
        var trace = (serial is { } named ? traces.Find(named) : null) ?? (mac is { } address ? traces.Find(address) : null);
        var machine = serial is { } known ? store.Current.Find(known) : null;
        if (trace is null && machine is null)
        {
            return Problem.Of(mac is { } unseen
                ? new Refusal(RefusalReason.NotFound, $"No machine has the MAC {unseen}, and none was seen booting from it. `mayuctl trace` lists the unknown clients.")
                : directory.NotFound(asked.Value));
        }

        var head = trace is null ? null : HeadOf(trace);
        // Of who has no record, nobody knows which of several MACs are its own.
        var own = machine?.MacAddresses ?? (trace!.Macs.Length > 1 ? [] : trace.Macs);
        return TypedResults.Ok(new Contracts.HopList
        {
            Serial = (machine?.Serial ?? trace?.Serial)?.Text,
            MacAddresses = [.. (machine?.MacAddresses ?? []).Concat(trace?.Macs ?? []).Distinct().Select(it => it.ToString())],
            State = machine is null ? null : Lifecycle.NameOf(machine.State),
            Problem = MachineView.ProblemOf(trace?.Problem),
            Stall = MachineView.StallOf(head is null ? null : watch.StallOf(head)),
            Items = [.. (trace?.Hops ?? []).Select(hop => MachineView.HopOf(hop, own)!)],
        });
    }

    private TraceHead? HeadOf(MachineTrace trace) =>
        trace.Serial is { } serial ? traces.Head(serial) : trace.Macs.IsEmpty ? null : traces.Head(trace.Macs[^1]);

    private Ok<Contracts.ItemList<Contracts.Stranger>> Strangers()
    {
        var snapshot = store.Current;
        var strangers = traces.Strangers().Where(head => head.Serial is not { } serial || snapshot.Find(serial) is null);
        return TypedResults.Ok(new Contracts.ItemList<Contracts.Stranger> { Items = [.. strangers.OrderByDescending(head => head.Last.At).Select(ViewOf)] });
    }

    private Contracts.Stranger ViewOf(TraceHead head) => new()
    {
        Serial = head.Serial?.Text,
        MacAddresses = [.. head.Macs.Select(mac => mac.ToString())],
        FirstSeen = head.First,
        LastSeen = head.Last.At,
        Hop = MachineView.HopOf(head.Last),
        Problem = MachineView.ProblemOf(head.Problem),
        Stall = MachineView.StallOf(watch.StallOf(head)),
    };
}
