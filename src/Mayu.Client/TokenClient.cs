using System.Text.Json;
using Mayu.Client.Contracts;

namespace Mayu.Client;

/// <summary>The tokens of the API, for admins.</summary>
public sealed class TokenClient
{
    private const string Tokens = "api/v1/tokens";

    private readonly ApiSender _api;

    internal TokenClient(ApiSender api) => _api = api;

    /// <summary>All of them by name, without their texts.</summary>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<IReadOnlyList<ApiToken>>> ListAsync(CancellationToken cancellation = default) =>
        _api.ListAsync(Tokens, ApiJsonContext.Default.ItemListApiToken, cancellation);

    /// <summary>Creates one. Its text is in the answer, and nobody can read it again.</summary>
    /// <param name="request">Name, role, scope and end.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<ApiToken>> CreateAsync(ApiTokenRequest request, CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Post, Tokens, JsonSerializer.SerializeToUtf8Bytes(request, ApiJsonContext.Default.ApiTokenRequest), ApiJsonContext.Default.ApiToken, cancellation);

    /// <summary>Revokes one: it is not taken from the next request on.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<ApiToken>> RevokeAsync(string name, CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Delete, $"{Tokens}/{Uri.EscapeDataString(name)}", null, ApiJsonContext.Default.ApiToken, cancellation);
}
