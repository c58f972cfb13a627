using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Mayu.Client;

public sealed partial class MayuClient
{
    private const string Healthy = "ok\n";

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
        catch (Exception failed) when (failed is HttpRequestException or SocketException)
        {
            return ApiResult<ServerInspection>.Of(_connection.Describe(failed));
        }
    }
}
