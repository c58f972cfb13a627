using System.Text.Json;
using Mayu.Client.Contracts;

namespace Mayu.Client;

/// <summary>The webhooks of the server, and their dead letters.</summary>
public sealed class WebhookClient
{
    private const string Webhooks = "api/v1/webhooks";

    private readonly ApiSender _api;

    internal WebhookClient(ApiSender api) => _api = api;

    /// <summary>All of them, as configured.</summary>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<IReadOnlyList<Webhook>>> ListAsync(CancellationToken cancellation = default) =>
        _api.ListAsync(Webhooks, ApiJsonContext.Default.ItemListWebhook, cancellation);

    /// <summary>The messages of one that were given up, oldest first.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<IReadOnlyList<DeadLetter>>> ListDeadLettersAsync(string name, CancellationToken cancellation = default) =>
        _api.ListAsync($"{Webhooks}/{Uri.EscapeDataString(name)}/dead-letters", ApiJsonContext.Default.ItemListDeadLetter, cancellation);

    /// <summary>Sends dead letters again.</summary>
    /// <param name="name">The webhook's name.</param>
    /// <param name="ids">Their ids; null: all.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<WebhookRetryResult>> RetryAsync(string name, IReadOnlyList<string>? ids = null, CancellationToken cancellation = default) => _api.SendAsync(
        HttpMethod.Post,
        $"{Webhooks}/{Uri.EscapeDataString(name)}/retry",
        JsonSerializer.SerializeToUtf8Bytes(new WebhookRetryRequest { Ids = ids }, ApiJsonContext.Default.WebhookRetryRequest),
        ApiJsonContext.Default.WebhookRetryResult,
        cancellation);
}
