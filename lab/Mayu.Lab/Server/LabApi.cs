using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization.Metadata;
using Mayu.Client.Contracts;
using Mayu.Lab.Rack;

namespace Mayu.Lab.Server;

/// <summary>The API of the rack's server, asked over connections that begin inside the rack's network.</summary>
public sealed class LabApi : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="rack">Where the connections begin.</param>
    /// <param name="server">The API's address.</param>
    /// <param name="keys">The server's folder of keys: its CA and its operator token.</param>
    internal LabApi(VirtualRack rack, Uri server, string keys)
    {
        var handler = rack.CreateHttpHandler();
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(keys, "ca.pem"));
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { authority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(10) };
        _http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(keys, "operator-token")).Trim());
    }

    public async Task<IReadOnlyList<Machine>> MachinesAsync(CancellationToken cancellation = default) =>
        (await GetAsync("/api/v1/machines", ApiJsonContext.Default.MachineList, cancellation))?.Items ?? [];

    /// <summary>One machine; null where the server has not seen it.</summary>
    public Task<Machine?> MachineAsync(string serial, CancellationToken cancellation = default) =>
        GetAsync($"/api/v1/machines/{serial}", ApiJsonContext.Default.Machine, cancellation);

    public async Task<IReadOnlyList<Hop>> TraceAsync(string serial, CancellationToken cancellation = default) =>
        (await GetAsync($"/api/v1/machines/{serial}/trace", ApiJsonContext.Default.HopList, cancellation))?.Items ?? [];

    /// <summary>The changes of one machine, as the server lists them.</summary>
    public async Task<IReadOnlyList<Change>> HistoryAsync(string serial, CancellationToken cancellation = default) =>
        (await GetAsync($"/api/v1/history?limit=200&serial={serial}", ApiJsonContext.Default.ChangeList, cancellation))?.Items ?? [];

    /// <summary>Whether the server says that it can serve machines.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation = default)
    {
        using var answer = await _http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellation);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Says as an operator what state a machine is to be in.</summary>
    public async Task SetStateAsync(string serial, string state, string reason, CancellationToken cancellation = default)
    {
        var request = new StateChangeRequest { State = state, Reason = reason };
        using var body = JsonContent.Create(request, ApiJsonContext.Default.StateChangeRequest);
        using var answer = await _http.PutAsync(new Uri($"/api/v1/machines/{serial}/state", UriKind.Relative), body, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw new LabException($"the server refused {serial}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T?> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync(type, cancellation);
    }
}
