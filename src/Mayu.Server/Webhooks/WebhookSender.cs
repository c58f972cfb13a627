using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using Mayu.Primitives;
using Mayu.Server.Configuration.Settings;
using Mayu.Server.Http;

namespace Mayu.Server.Webhooks;

/// <summary>Sends messages to one receiver.</summary>
internal sealed class WebhookSender : IDisposable
{
    private const int LongestError = 300;

    // A head in KiB: what is longer is none of a receiver's.
    private const int LongestHead = 16;

    private readonly HttpClient _http;
    private readonly WebhookSettings _settings;
    private readonly byte[] _key;
    private readonly TimeProvider _clock;

    /// <param name="settings">The receiver.</param>
    /// <param name="key">The key of its secret.</param>
    /// <param name="connections">How many messages are sent at once.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="IOException">The CA file cannot be read, or has no certificate.</exception>
    public WebhookSender(WebhookSettings settings, byte[] key, int connections, TimeProvider clock)
    {
        (_settings, _key, _clock) = (settings, key, clock);
        var handler = new SocketsHttpHandler
        {
            // A redirect would lead what is signed for one receiver to another.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = settings.Timeout,
            MaxConnectionsPerServer = connections,
            MaxResponseHeadersLength = LongestHead,
            // An address that was moved to another host is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = settings.CaFile is { } file ? WebhookAuthorities.Read(file) : null },
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("mayu", ProductVersion.Text));
    }

    /// <summary>Sends a message once.</summary>
    /// <param name="message">The message.</param>
    /// <param name="stopping">The server stops: what became of it is not known.</param>
    /// <returns>Why it failed, and the pause that the receiver asks for; null: the receiver has it.</returns>
    public async Task<(string Error, TimeSpan? Pause)?> SendAsync(WebhookDelivery message, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(_settings.Timeout);
        try
        {
            using var request = RequestOf(message);
            // Of the body nothing is read: whatever a receiver says there, its status counts.
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return response.IsSuccessStatusCode ? null : ($"it answered {(int)response.StatusCode}{((int)response.StatusCode is >= 300 and < 400 ? ", and redirects are not followed" : "")}", PauseOf(response));
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return ($"it did not answer within {_settings.Timeout.TotalSeconds:0.#} s", null);
        }
        catch (HttpRequestException e)
        {
            return (Describe(e), null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private HttpRequestMessage RequestOf(WebhookDelivery message)
    {
        var (body, at) = (Encoding.UTF8.GetBytes(message.Body), _clock.GetUtcNow().ToUnixTimeSeconds());
        var request = new HttpRequestMessage(HttpMethod.Post, _settings.Url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", at.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(_key, message.Id, at, body));
        return request;
    }

    private TimeSpan? PauseOf(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not { } asked ? null : asked.Delta ?? (asked.Date is { } date ? date - _clock.GetUtcNow() : null);

    private static string Describe(HttpRequestException failed)
    {
        var why = CutText.Of(failed.GetBaseException().Reason(), LongestError);
        return failed.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "its host name cannot be resolved",
            HttpRequestError.SecureConnectionError => $"its certificate was not accepted, or TLS failed: {why}",
            HttpRequestError.ConnectionError => $"no connection: {why}",
            _ => why,
        };
    }
}
