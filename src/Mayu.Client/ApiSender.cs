using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Mayu.Client.Contracts;
using Mayu.Client.Requests;

namespace Mayu.Client;

/// <summary>Sends requests to one server, again where that is safe, and reads what is answered.</summary>
internal sealed class ApiSender : IDisposable
{
    private const string Healthy = "ok\n";

    private readonly HttpClient _http;
    private readonly ApiConnection _connection;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly RetryPause _pause;
    private readonly int _tries;

    public ApiSender(ApiConnection connection, MayuClientOptions options, string? token)
    {
        _connection = connection;
        (_pause, _tries) = (new RetryPause(options.Pause), options.Tries);
        _http = new HttpClient(connection.Handler, disposeHandler: true)
        {
            BaseAddress = connection.Server,
            // Each request has its own, below.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MayuClient.MaxAnswerLength,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("mayu-client", typeof(MayuClient).Assembly.GetName().Version?.ToString(3)));
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task<ApiResult<IReadOnlyList<T>>> ListAsync<T>(string path, JsonTypeInfo<ItemList<T>> type, CancellationToken cancellation)
        where T : class =>
        (await SendAsync(HttpMethod.Get, path, null, type, cancellation)).Select(list => list.Items);

    public Task<ApiResult<T>> SendAsync<T>(
        HttpMethod method, string path, byte[]? body, JsonTypeInfo<T> type, CancellationToken cancellation, TimeSpan atLeast = default)
        where T : class => SendAsync(new ApiRequest(method, path) { Body = body, AtLeast = atLeast }, (bytes, _) => ServerAnswers.Read(bytes, type), cancellation);

    public async Task<ApiResult<T>> SendAsync<T>(ApiRequest request, Func<byte[], HttpResponseHeaders, ApiResult<T>> read, CancellationToken cancellation)
        where T : class
    {
        var limit = _connection.Timeout > request.AtLeast ? _connection.Timeout : request.AtLeast;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limit);
        for (var tried = 1; ; tried++)
        {
            var (result, again) = await TryAsync(request, read, limit, deadline.Token, cancellation);
            if (again is not { } asked || tried >= _tries)
            {
                return result;
            }

            try
            {
                await Task.Delay(_pause.After(tried, asked), _clock, deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // There is no time left for another try: what the last one came to is the answer.
                return result;
            }
        }
    }

    // Again: whether it may be sent again, and how long the server asks to wait before that (0: it does not say).
    private async Task<(ApiResult<T> Result, TimeSpan? Again)> TryAsync<T>(
        ApiRequest request, Func<byte[], HttpResponseHeaders, ApiResult<T>> read, TimeSpan limit, CancellationToken deadline, CancellationToken cancellation)
        where T : class
    {
        using var message = request.ToMessage();
        try
        {
            using var response = await _http.SendAsync(message, deadline);
            var bytes = await response.Content.ReadAsByteArrayAsync(deadline);
            return response.IsSuccessStatusCode
                ? (read(bytes, response.Headers), null)
                : (ApiResult<T>.Of(ServerAnswers.Describe((int)response.StatusCode, bytes)),
                    request.IsRepeatable && RetryPause.IsPassing(response) ? RetryPause.Asked(response.Headers, _clock.GetUtcNow()) ?? TimeSpan.Zero : null);
        }
        catch (OperationCanceledException timedOut) when (!cancellation.IsCancellationRequested)
        {
            return (ApiResult<T>.Of(_connection.DescribeTimeout(timedOut, limit)), null);
        }
        catch (Exception failed) when (failed is HttpRequestException or SocketException or IOException)
        {
            return (ApiResult<T>.Of(_connection.Describe(failed)), IsWorthAnotherTry(request, failed) ? TimeSpan.Zero : null);
        }
    }

    // Without a connection nothing of the request was sent, whatever it does. A certificate that is not believed, or a name that nobody knows, stays so.
    private static bool IsWorthAnotherTry(ApiRequest request, Exception failed) => (failed as HttpRequestException)?.HttpRequestError switch
    {
        HttpRequestError.ConnectionError => true,
        HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded => false,
        _ => request.IsRepeatable,
    };

    public async Task<ApiResult<EventReader<T>>> OpenEventsAsync<T>(string path, string? after, JsonTypeInfo<T> type, Func<T, string, T> withKind, CancellationToken cancellation)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (after is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", after);
        }

        HttpResponseMessage? response = null;
        // For the headers; the stream itself has no end.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(_connection.Timeout);
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            {
                var reader = new EventReader<T>(response, await response.Content.ReadAsStreamAsync(cancellation), after, type, withKind);
                response = null;
                return ApiResult<EventReader<T>>.Of(reader);
            }

            return ApiResult<EventReader<T>>.Of(response.IsSuccessStatusCode
                ? ServerAnswers.NotMayu("the answer is not an event stream", null)
                : ServerAnswers.Describe((int)response.StatusCode, await ServerAnswers.ReadRefusalAsync(response, deadline.Token)));
        }
        catch (OperationCanceledException timedOut) when (!cancellation.IsCancellationRequested)
        {
            return ApiResult<EventReader<T>>.Of(_connection.DescribeTimeout(timedOut));
        }
        catch (Exception failed) when (failed is HttpRequestException or SocketException or IOException)
        {
            return ApiResult<EventReader<T>>.Of(_connection.Describe(failed));
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <summary>Looks whether the server can be reached and is a Mayu, and at what a client sees of it. It is sent once, and the server needs no token for it.</summary>
    /// <param name="cancellation">Ends the request.</param>
    public async Task<ApiResult<ServerInspection>> InspectAsync(CancellationToken cancellation = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(_connection.Timeout);
        using var message = new HttpRequestMessage(HttpMethod.Get, "healthz");
        try
        {
            var start = Stopwatch.GetTimestamp();
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            var took = Stopwatch.GetElapsedTime(start);
            var body = await ServerAnswers.ReadRefusalAsync(response, deadline.Token);
            if (!response.IsSuccessStatusCode)
            {
                return ApiResult<ServerInspection>.Of(ServerAnswers.Describe((int)response.StatusCode, body));
            }

            return Encoding.UTF8.GetString(body) == Healthy
                ? ApiResult<ServerInspection>.Of(new ServerInspection { Took = took, Clock = response.Headers.Date, CertificateEnds = _connection.CertificateEnds })
                : ApiResult<ServerInspection>.Of(ServerAnswers.NotMayu("its /healthz does not answer as Mayu's", cause: null));
        }
        catch (OperationCanceledException timedOut) when (!cancellation.IsCancellationRequested)
        {
            return ApiResult<ServerInspection>.Of(_connection.DescribeTimeout(timedOut));
        }
        catch (Exception failed) when (failed is HttpRequestException or SocketException or IOException)
        {
            return ApiResult<ServerInspection>.Of(_connection.Describe(failed));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
