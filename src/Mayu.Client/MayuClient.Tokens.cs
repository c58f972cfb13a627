using System.Text.Json;
using Mayu.Client.Contracts;

namespace Mayu.Client;

public sealed partial class MayuClient
{
    /// <summary>The tokens of the API, by name, without their texts. For admins.</summary>
    public Task<ApiResult<IReadOnlyList<ApiToken>>> ListTokensAsync(CancellationToken cancellation = default) =>
        ListAsync("api/v1/tokens", ApiJsonContext.Default.ItemListApiToken, cancellation);

    /// <summary>Creates a token. Its text is in the answer, and nobody can read it again. For admins.</summary>
    /// <param name="request">Name, role, scope and end.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<ApiToken>> CreateTokenAsync(ApiTokenRequest request, CancellationToken cancellation = default) => SendAsync(
        HttpMethod.Post, "api/v1/tokens", JsonSerializer.SerializeToUtf8Bytes(request, ApiJsonContext.Default.ApiTokenRequest), ApiJsonContext.Default.ApiToken, cancellation);

    /// <summary>Revokes a token: it is not taken from the next request on. For admins.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<ApiToken>> RevokeTokenAsync(string name, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, "api/v1/tokens/" + Uri.EscapeDataString(name), null, ApiJsonContext.Default.ApiToken, cancellation);
}
