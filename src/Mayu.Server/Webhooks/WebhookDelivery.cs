using System.Text.Json.Serialization;

namespace Mayu.Server.Webhooks;

/// <summary>A message for one receiver, and what became of it so far.</summary>
internal sealed record WebhookDelivery
{
    /// <summary>Its id, the same in each attempt: by it a receiver knows what it has.</summary>
    public required string Id { get; init; }

    /// <summary>What happened: <c>machine.state</c>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The machine; null where it is about none.</summary>
    public string? Serial { get; init; }

    /// <summary>The body, JSON.</summary>
    public required string Body { get; init; }

    /// <summary>How often it was sent, since it was queued or sent again by hand.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is sent next.</summary>
    public DateTimeOffset Next { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; init; }

    /// <summary>When it was given up; null: it was not.</summary>
    public DateTimeOffset? Died { get; init; }
}

/// <summary>What is kept of a webhook on the disk.</summary>
internal sealed record WebhookState
{
    /// <summary>The version of the form that this program writes.</summary>
    public const int Known = 1;

    public int Version { get; init; }

    /// <summary>What is to be sent.</summary>
    public IReadOnlyList<WebhookDelivery> Pending { get; init; } = [];

    /// <summary>What was given up.</summary>
    public IReadOnlyList<WebhookDelivery> Dead { get; init; } = [];
}

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookState))]
internal sealed partial class WebhookContext : JsonSerializerContext;
