using System.Net;
using Mayu.Bench.Network;
using Mayu.Lab;

namespace Mayu.Bench.Smoke;

/// <summary>A machine's HTTP: from the address it leased, a connection for each request, as iPXE and busybox wget do.</summary>
internal sealed class MachineHttp : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    /// <param name="network">Where it connects.</param>
    /// <param name="address">The machine's address.</param>
    public MachineHttp(BenchNetwork network, IPAddress address)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = (connection, cancellation) => network.ConnectAsync(address, connection.DnsEndPoint, cancellation),
        };
        _http = new HttpClient(handler) { Timeout = Patience };
        _http.DefaultRequestHeaders.ConnectionClose = true;
    }

    /// <summary>The boot token, once the machine has it.</summary>
    public string? Token { get; set; }

    public Task<byte[]> GetAsync(string url, CancellationToken cancellation) => SendAsync(HttpMethod.Get, url, null, cancellation);

    /// <param name="url">Where to.</param>
    /// <param name="json">The body.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<byte[]> PostAsync(string url, byte[] json, CancellationToken cancellation) => SendAsync(HttpMethod.Post, url, json, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <exception cref="LabException">No answer, or one that is no success.</exception>
    private async Task<byte[]> SendAsync(HttpMethod method, string url, byte[]? json, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, url);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(json) { Headers = { ContentType = new("application/json") } };
        }

        if (Token is not null)
        {
            request.Headers.Authorization = new("Bearer", Token);
        }

        try
        {
            using var answer = await _http.SendAsync(request, cancellation);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return answer.IsSuccessStatusCode
                ? body
                : throw new LabException($"{method} {url}: {(int)answer.StatusCode} {System.Text.Encoding.UTF8.GetString(body)}");
        }
        catch (Exception lost) when (lost is HttpRequestException || (lost is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new LabException($"{method} {url}: {lost.GetBaseException().Message}", lost);
        }
    }
}
