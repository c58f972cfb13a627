using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Access;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Mayu.Server.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>The webhooks, their dead letters, and sending these again.</summary>
internal sealed partial class WebhookEndpoints(WebhookService webhooks, ILogger log)
{
    private const int MaxIds = WebhookQueue.MaxDead;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/webhooks", () => TypedResults.Ok(new Contracts.ItemList<Contracts.Webhook> { Items = [.. webhooks.Hooks.Select(ViewOf)] })).For(Role.Viewer)
            .WithName("listWebhooks").WithSummary("The webhooks, and what became of their messages.");
        routes.MapGet("/api/v1/webhooks/{name}/dead-letters", DeadLetters).For(Role.Viewer)
            .WithName("listDeadLetters").WithSummary("The messages of a webhook that were given up, oldest first.");
        routes.MapPost("/api/v1/webhooks/{name}/retry", Retry).For(Role.Operator)
            .WithName("retryDeadLetters").WithSummary("Sends dead letters of a webhook again: all, or those that are named.");
    }

    private Results<Ok<Contracts.ItemList<Contracts.DeadLetter>>, Problem> DeadLetters(NameSegment asked) =>
        webhooks.Find(asked.Value) is { } hook
            ? TypedResults.Ok(new Contracts.ItemList<Contracts.DeadLetter> { Items = [.. hook.Queue.Dead.Select(ViewOf)] })
            : NotFound(asked.Value);

    private Results<Ok<Contracts.WebhookRetryResult>, Problem> Retry(NameSegment asked, JsonBody<Contracts.WebhookRetryRequest> body, Caller caller)
    {
        if (caller.RefuseForAll() is { } refusal)
        {
            return Problem.Of(refusal);
        }

        if (webhooks.Find(asked.Value) is not { } hook)
        {
            return NotFound(asked.Value);
        }

        if (body.Value.Ids is { } named && (named.Count is 0 or > MaxIds || named.Contains(null!)))
        {
            return Problem.Invalid("ids", $"ids must be 1 to {MaxIds} ids of dead letters; leave it out for all.");
        }

        var ids = body.Value.Ids?.ToHashSet(StringComparer.Ordinal);
        if (ids?.FirstOrDefault(id => !hook.Queue.Dead.Any(letter => letter.Id == id)) is { } unknown)
        {
            return Problem.Of(new Refusal(RefusalReason.NotFound, $"The webhook {asked.Value} has no dead letter {unknown}. `mayuctl webhook dead-letters {asked.Value}` shows all."));
        }

        var count = hook.Retry(ids);
        LogRetried(log, caller.Name, Counted.Of(count, "dead letter"), asked.Value);
        return TypedResults.Ok(new Contracts.WebhookRetryResult { Retried = count });
    }

    private static Problem NotFound(string name) => Problem.Of(new Refusal(RefusalReason.NotFound, $"There is no webhook {name}. `mayuctl webhook list` shows all."));

    private static Contracts.Webhook ViewOf(Webhook hook)
    {
        var counts = hook.Queue.Counts;
        return new()
        {
            Name = hook.Settings.Name,
            Receiver = hook.Settings.Origin,
            Types = [.. hook.Settings.Events.Select(WebhookMessages.TypeOf)],
            Selector = hook.Settings.Selector.IsEverything ? null : hook.Settings.Selector.ToString(),
            Pending = hook.Queue.Pending,
            Delivered = counts.Delivered,
            Failed = counts.Failed,
            DeadLetters = hook.Queue.Dead.Count,
            Dropped = counts.Dropped,
            LastDelivered = counts.LastDelivered,
            LastFailed = counts.LastFailed,
            LastError = counts.LastError,
        };
    }

    private static Contracts.DeadLetter ViewOf(WebhookDelivery letter) => new()
    {
        Id = letter.Id,
        Type = letter.Type,
        Serial = letter.Serial,
        At = letter.At,
        Died = letter.Died,
        Attempts = letter.Attempts,
        Error = letter.Error,
    };

    [LoggerMessage(30, LogLevel.Information, "{Who} sends {Letters} of the webhook {Name} again")]
    private static partial void LogRetried(ILogger log, string who, string letters, string name);
}
