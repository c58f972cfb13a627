using System.Collections.Immutable;
using Mayu.Core.Selection;

namespace Mayu.Server.Configuration.Settings;

/// <summary>One receiver of events by HTTP.</summary>
/// <param name="Name">Its name: a file is called by it.</param>
internal sealed record WebhookSettings(string Name)
{
    /// <summary>Where events are posted. Its path and query may be a secret: they are shown nowhere.</summary>
    public required Uri Url { get; init; }

    /// <summary>The name of the secret with which messages are signed.</summary>
    public required string Secret { get; init; }

    /// <summary>Which events.</summary>
    public ImmutableArray<WebhookEventKind> Events { get; init; } = [];

    /// <summary>Of which machines.</summary>
    public Selector Selector { get; init; } = Selector.Everything;

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>How many attempts there are before a message is a dead letter.</summary>
    public int Attempts { get; init; }

    /// <summary>The pause before the second attempt; each further one is four times as long.</summary>
    public TimeSpan RetryPause { get; init; }

    /// <summary>The CA that the receiver's certificate is signed by; null: those of this system.</summary>
    public string? CaFile { get; init; }

    /// <summary>Where it is, for everybody to see: scheme, host and port.</summary>
    public string Origin => Url.GetLeftPart(UriPartial.Authority);
}

/// <summary>What a receiver can be told of.</summary>
internal enum WebhookEventKind
{
    /// <summary>The state of a record changed, or it was deleted.</summary>
    State,

    /// <summary>A machine is stuck.</summary>
    Stall,

    /// <summary>A machine that was stuck makes progress again.</summary>
    Moving,

    /// <summary>A step of a machine's boot failed.</summary>
    Failed,
}
