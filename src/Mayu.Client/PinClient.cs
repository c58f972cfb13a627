using System.Text.Json;
using Mayu.Client.Contracts;
using Mayu.Client.Requests;

namespace Mayu.Client;

/// <summary>The pins: what machines that were not seen yet will become.</summary>
public sealed class PinClient
{
    private const string Pins = "api/v1/pins";

    private readonly ApiSender _api;

    internal PinClient(ApiSender api) => _api = api;

    /// <summary>All of them, by key.</summary>
    public Task<ApiResult<IReadOnlyList<Pin>>> ListAsync(CancellationToken cancellation = default) =>
        _api.ListAsync(Pins, ApiJsonContext.Default.ItemListPin, cancellation);

    /// <summary>Pins a machine that was not seen yet.</summary>
    /// <param name="key">What it will be recognised by: <c>serial:…</c>, <c>uuid:…</c>, <c>mac:…</c>, or one of them without its prefix.</param>
    /// <param name="request">The profile, the address, and why.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Pin>> SetAsync(string key, PinRequest request, CancellationToken cancellation = default) => _api.SendAsync(
        HttpMethod.Put,
        PathOf(key),
        JsonSerializer.SerializeToUtf8Bytes(request, ApiJsonContext.Default.PinRequest),
        ApiJsonContext.Default.Pin,
        cancellation);

    /// <summary>Takes a pin away.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="reason">Why, for the history, or null.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Pin>> RemoveAsync(string key, string? reason = null, CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Delete, QueryText.Of(PathOf(key), ("reason", reason)), null, ApiJsonContext.Default.Pin, cancellation);

    private static string PathOf(string key) => $"{Pins}/{Uri.EscapeDataString(key)}";
}
