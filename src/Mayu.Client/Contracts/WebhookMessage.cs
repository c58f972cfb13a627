using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>What a webhook's receiver is sent, as Standard Webhooks says.</summary>
public sealed record WebhookMessage
{
    /// <summary>The state of a machine's record changed; without a state it was deleted.</summary>
    public const string StateType = "machine.state";

    /// <summary>A machine is stuck.</summary>
    public const string StallType = "machine.stall";

    /// <summary>A machine that was stuck makes progress again.</summary>
    public const string MovingType = "machine.moving";

    /// <summary>A step of a machine's boot failed.</summary>
    public const string FailedType = "machine.failed";

    /// <summary>The server could not keep up: events were missed.</summary>
    public const string GapType = "events.gap";

    /// <summary>What happened: one of the types above. A newer server may know more of them.</summary>
    [AllowNull]
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>When it happened (RFC 3339 on the wire).</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>What happened, as in the stream of events.</summary>
    public BootEvent? Data { get; init; }
}
