using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Server.Api.Events;
using Mayu.Server.Configuration.Settings;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Webhooks;

/// <summary>Makes messages of events.</summary>
internal static class WebhookMessages
{
    private const int IdBytes = 16;

    /// <summary>The kind of an event; null where no receiver is told of such.</summary>
    public static WebhookEventKind? KindOf(BootEvent happened) => happened switch
    {
        { Kind: BootEventKind.State } => WebhookEventKind.State,
        { Kind: BootEventKind.Stall } => WebhookEventKind.Stall,
        { Kind: BootEventKind.Moving } => WebhookEventKind.Moving,
        { Kind: BootEventKind.Hop, Hop.Kind: HopKind.Failed } => WebhookEventKind.Failed,
        _ => null,
    };

    /// <summary>What messages of a kind are called.</summary>
    public static string TypeOf(WebhookEventKind kind) => kind switch
    {
        WebhookEventKind.State => Contracts.WebhookMessage.StateType,
        WebhookEventKind.Stall => Contracts.WebhookMessage.StallType,
        WebhookEventKind.Moving => Contracts.WebhookMessage.MovingType,
        _ => Contracts.WebhookMessage.FailedType,
    };

    /// <summary>Whether a receiver is told of an event.</summary>
    /// <param name="hook">The receiver.</param>
    /// <param name="kind">The event's kind.</param>
    /// <param name="happened">The event.</param>
    /// <param name="machines">The machines as they are.</param>
    public static bool IsFor(WebhookSettings hook, WebhookEventKind kind, BootEvent happened, ClusterSnapshot machines) =>
        hook.Events.Contains(kind) && (hook.Selector.IsEverything || (RecordOf(happened, machines) is { } machine && hook.Selector.Matches(machine)));

    /// <summary>The message of an event.</summary>
    public static WebhookDelivery Of(WebhookEventKind kind, BootEvent happened, DateTimeOffset now) =>
        Of(TypeOf(kind), EventLines.ViewOf(happened), now) with { At = happened.At, Serial = happened.Serial?.Text };

    /// <summary>The message that events were missed.</summary>
    public static WebhookDelivery OfGap(long missed, DateTimeOffset now) =>
        Of(Contracts.WebhookMessage.GapType, new Contracts.BootEvent { Kind = Contracts.BootEvent.GapKind, At = now, Missed = missed }, now);

    private static WebhookDelivery Of(string type, Contracts.BootEvent data, DateTimeOffset now) => new()
    {
        Id = "msg_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
        Type = type,
        At = now,
        Body = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(
            new Contracts.WebhookMessage { Type = type, Timestamp = data.At, Data = data }, Contracts.ApiJsonContext.Default.WebhookMessage)),
        Next = now,
    };

    // Who has no record yet has a serial at most.
    private static Machine? RecordOf(BootEvent happened, ClusterSnapshot machines) =>
        happened.Record ?? (happened.Serial is { } serial ? machines.Find(serial) ?? new Machine { Serial = serial, State = MachineState.Unknown } : null);
}
