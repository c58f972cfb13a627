using System.Net.Sockets;

namespace Mayu.Client;

public sealed partial class MayuClient
{
    /// <summary>Opens the stream of what happens to machines.</summary>
    /// <param name="of">The serial or MAC of the one that is watched; null: all.</param>
    /// <param name="after">The <see cref="EventReader.LastId"/> of a stream that broke, to go on there; null: from now on.</param>
    /// <param name="cancellation">Ends the request, and later the stream.</param>
    public async Task<ApiResult<EventReader>> WatchAsync(string? of, string? after, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, QueryText.Of("api/v1/events", ("of", of)));
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
                var reader = new EventReader(response, await response.Content.ReadAsStreamAsync(cancellation), after);
                response = null;
                return ApiResult<EventReader>.Of(reader);
            }

            return ApiResult<EventReader>.Of(response.IsSuccessStatusCode
                ? ServerAnswers.NotMayu("the answer is not an event stream", null)
                : ServerAnswers.Describe((int)response.StatusCode, await ServerAnswers.ReadRefusalAsync(response, cancellation)));
        }
        catch (OperationCanceledException timedOut) when (!cancellation.IsCancellationRequested)
        {
            return ApiResult<EventReader>.Of(_connection.DescribeTimeout(timedOut));
        }
        catch (Exception failed) when (failed is HttpRequestException or SocketException)
        {
            return ApiResult<EventReader>.Of(_connection.Describe(failed));
        }
        finally
        {
            response?.Dispose();
        }
    }
}
