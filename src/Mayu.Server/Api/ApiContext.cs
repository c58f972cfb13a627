using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.Explain;
using Mayu.Server.Watch;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>What the operators' endpoints work with.</summary>
/// <param name="Store">The machines.</param>
/// <param name="Plan">The cluster's plan as it is now.</param>
/// <param name="Strangers">The addresses of all pools that strangers use.</param>
/// <param name="Trace">What machines did while they booted.</param>
/// <param name="Keys">The token.</param>
/// <param name="Clock">The time.</param>
/// <param name="Log">Where to say what went wrong.</param>
internal sealed record ApiContext(IMachineStore Store, Func<ClusterPlan> Plan, Func<IEnumerable<OccupiedAddress>> Strangers, BootTrace Trace, ApiKeys Keys, TimeProvider Clock, ILogger Log)
{
    /// <summary>Why machines get no DHCP and no TFTP at present; null while they do, and where that is another program's business.</summary>
    public Func<string?> EngineTrouble { get; init; } = static () => null;

    /// <summary>What an operator should know of DHCP and TFTP although machines are answered.</summary>
    public Func<IEnumerable<string>> EngineRemarks { get; init; } = static () => [];

    /// <summary>How many other DHCP servers answer at present.</summary>
    public Func<int> OtherDhcpServers { get; init; } = static () => 0;

    /// <summary>How the addresses of DHCP's pools are used.</summary>
    public Func<IEnumerable<DhcpPoolUse>> DhcpPools { get; init; } = static () => [];

    /// <summary>How many MACs are not believed, since they answer under or decline too many addresses.</summary>
    public Func<int> Disbelieved { get; init; } = static () => 0;

    /// <summary>Who does not get on.</summary>
    public required BootWatch Watch { get; init; }

    /// <summary>Who is who.</summary>
    public required BootDecisions Decisions { get; init; }

    /// <summary>What the mouths would answer.</summary>
    public required Explainer Explainer { get; init; }

    /// <summary>The longest reason of a change, in characters.</summary>
    public const int MaxReason = 1000;

    /// <summary>Answers JSON.</summary>
    public static Task AnswerAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(value, type, contentType: null, context.RequestAborted);

    /// <summary>
    /// Answers <c>{"items": […]}</c>, and makes each item only when it is its turn: ten thousand machines are 30 MB of JSON, and more as objects.
    /// </summary>
    public static async Task AnswerListAsync<T>(HttpContext context, IEnumerable<T> items, JsonTypeInfo<T> type)
    {
        const int Portion = 32 << 10;
        context.Response.ContentType = "application/json; charset=utf-8";
        var body = context.Response.BodyWriter;
        await using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        writer.WriteStartArray("items"u8);
        var sent = 0L;
        foreach (var item in items)
        {
            JsonSerializer.Serialize(writer, item, type);
            if (writer.BytesCommitted + writer.BytesPending - sent >= Portion)
            {
                sent = writer.BytesCommitted + writer.BytesPending;
                await writer.FlushAsync(context.RequestAborted);
                if ((await body.FlushAsync(context.RequestAborted)).IsCompleted)
                {
                    return;
                }
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Changes something in the operator's name; or answers why not.</summary>
    /// <returns>What became of it; null when a refusal was answered.</returns>
    public async Task<ChangeOutcome?> ChangeAsync(HttpContext context, string? reason, Func<ClusterSnapshot, Proposal> decide)
    {
        if (reason is { Length: > MaxReason })
        {
            await Problems.WriteAsync(context, new Refusal(RefusalReason.Invalid, $"The reason has {reason.Length} characters; {MaxReason} are allowed."));
            return null;
        }

        var outcome = await Store.ChangeAsync(new Author(Keys.Operator.Name, reason), decide, context.RequestAborted);
        if (outcome.Refusal is { } refusal)
        {
            await Problems.WriteAsync(context, refusal);
            return null;
        }

        return outcome;
    }

    /// <summary>Changes a machine in the operator's name, and answers it as it is then; or why not.</summary>
    public async Task ChangeMachineAsync(HttpContext context, Serial serial, string? reason, Func<ClusterSnapshot, Machine, Proposal> decide)
    {
        Machine? former = null;
        var outcome = await ChangeAsync(
            context,
            reason,
            snapshot => (former = snapshot.Find(serial)) is { } machine ? decide(snapshot, machine) : new Proposal.Refuse(NotFound(serial)));
        if (outcome is not null)
        {
            ForgetClaims(former!, outcome.Machine!);
            await AnswerAsync(context, ViewOf(outcome.Machine!), Contracts.ApiJsonContext.Default.Machine);
        }
    }

    // An operator's word about who a machine is holds at once: what was heard before, from it and from who claimed to be it, does not.
    private void ForgetClaims(Machine former, Machine now)
    {
        if (Store.Current.Find(now.Serial) is null || former.Uuid != now.Uuid || !former.MacAddresses.SequenceEqual(now.MacAddresses)
            || former.SaidSerial != now.SaidSerial || former.SharesSerial != now.SharesSerial || former.SharesUuid != now.SharesUuid)
        {
            Decisions.Forget(former.MacAddresses.Concat(now.MacAddresses).Concat(former.Conflict?.MacAddresses ?? []));
        }
    }

    /// <summary>A machine with a record, as the API shows it.</summary>
    public Contracts.Machine ViewOf(Machine machine)
    {
        var head = Trace.Head(machine.Serial);
        return MachineView.Of(machine, head, head is null ? null : Watch.StallOf(head));
    }

    /// <summary>There is no record of this machine.</summary>
    public Refusal NotFound(Serial serial) => new(RefusalReason.NotFound, Trace.Find(serial) is null
        ? $"There is no machine {serial}, and none of that name was seen booting. `mayuctl list` shows all."
        : $"Machine {serial} was seen booting and has no record yet: it gets one with its facts. `mayuctl status {serial}` shows how far it is.");
}
