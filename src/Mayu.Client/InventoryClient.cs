using System.Text;
using Mayu.Client.Requests;

namespace Mayu.Client;

/// <summary>The machines' names for other programs: see <see cref="MayuClient.Inventory"/>.</summary>
public sealed class InventoryClient
{
    private readonly ApiSender _api;

    internal InventoryClient(ApiSender api) => _api = api;

    /// <summary>The machines' names and addresses as a hosts file.</summary>
    /// <param name="selector">Which machines; null: all.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<string>> GetHostsFileAsync(string? selector = null, CancellationToken cancellation = default) =>
        GetTextAsync(QueryText.Of("api/v1/inventory/hosts", ("selector", selector)), cancellation);

    /// <summary>The machines' names, or the names of their addresses, as a zone of the DNS (RFC 1035 master file).</summary>
    /// <param name="origin">The zone: the network's domain, or one below in-addr.arpa; null: the domain.</param>
    /// <param name="nameServer">The zone's name server; null: <c>ns</c> in the domain, with the server's address.</param>
    /// <param name="selector">Which machines; null: all.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<string>> GetZoneAsync(string? origin = null, string? nameServer = null, string? selector = null, CancellationToken cancellation = default) =>
        GetTextAsync(QueryText.Of("api/v1/inventory/zone", ("origin", origin), ("ns", nameServer), ("selector", selector)), cancellation);

    private Task<ApiResult<string>> GetTextAsync(string path, CancellationToken cancellation) =>
        _api.SendAsync(new ApiRequest(HttpMethod.Get, path), (bytes, _) => ApiResult<string>.Of(Encoding.UTF8.GetString(bytes)), cancellation);
}
