using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>A webhook, and what became of its messages. The numbers count from the start of the server.</summary>
public sealed record Webhook
{
    /// <summary>Its name in the configuration.</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Where its messages go: scheme, host and port alone.</summary>
    [AllowNull]
    public string Receiver { get; init => field = value ?? ""; } = "";

    /// <summary>The types of its messages.</summary>
    [AllowNull]
    public IReadOnlyList<string> Types { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>The machines that it is about, or null for all.</summary>
    public string? Selector { get; init; }

    /// <summary>How many messages wait to be sent, or to be sent again.</summary>
    public int Pending { get; init; }

    /// <summary>How many the receiver has taken.</summary>
    public long Delivered { get; init; }

    /// <summary>How many attempts failed.</summary>
    public long Failed { get; init; }

    /// <summary>How many messages were given up and are kept.</summary>
    public int DeadLetters { get; init; }

    /// <summary>How many dead letters were dropped for newer ones.</summary>
    public long Dropped { get; init; }

    /// <summary>When the receiver took a message last (RFC 3339 on the wire), or null.</summary>
    public DateTimeOffset? LastDelivered { get; init; }

    /// <summary>When an attempt failed last (RFC 3339 on the wire), or null.</summary>
    public DateTimeOffset? LastFailed { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? LastError { get; init; }
}

/// <summary>A message that was given up.</summary>
public sealed record DeadLetter
{
    /// <summary>Its id, which the receiver gets as <c>webhook-id</c>.</summary>
    [AllowNull]
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>What happened.</summary>
    [AllowNull]
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>The machine, or null where it is about none.</summary>
    public string? Serial { get; init; }

    /// <summary>When it happened (RFC 3339 on the wire).</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>When it was given up (RFC 3339 on the wire).</summary>
    public DateTimeOffset? Died { get; init; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; init; }
}

/// <summary>Which dead letters are sent again.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WebhookRetryRequest
{
    /// <summary>Their ids; null: all of them.</summary>
    public IReadOnlyList<string>? Ids { get; init; }
}

/// <summary>What was sent again.</summary>
public sealed record WebhookRetryResult
{
    /// <summary>How many dead letters wait to be sent again now.</summary>
    public int Retried { get; init; }
}
