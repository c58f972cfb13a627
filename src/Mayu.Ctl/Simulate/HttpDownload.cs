using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Mayu.Ctl.Simulate;

/// <summary>A machine's HTTP: from its own address, over the interface that it boots from, without proxy and redirects, as boot loaders do it.</summary>
internal sealed class HttpDownload : IDisposable
{
    private const int MaximumHeadersKiB = 32;
    private const int BufferSize = 128 * 1024;
    private const int LongestRefusal = 400;

    private readonly HttpClient _http;
    private readonly HopLog _log;
    private readonly TimeSpan _patience;

    /// <param name="network">The interface.</param>
    /// <param name="log">Where each hop is noted.</param>
    /// <param name="patience">How long nothing may come.</param>
    public HttpDownload(BootNetwork network, HopLog log, TimeSpan patience)
    {
        _log = log;
        _patience = patience;
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            MaxResponseHeadersLength = MaximumHeadersKiB,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = async (connection, cancellation) =>
                new System.Net.Sockets.NetworkStream(await network.ConnectAsync(connection.DnsEndPoint, cancellation), ownsSocket: true),
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("mayuctl-simulate", typeof(HttpDownload).Assembly.GetName().Version?.ToString(3)));
    }

    /// <summary>Fetches.</summary>
    /// <param name="hop">The hop that it is.</param>
    /// <param name="request">What is sent; disposed of.</param>
    /// <param name="maximum">The most bytes that are taken.</param>
    /// <param name="keep">Where they go; null: nowhere.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The size of what came.</returns>
    /// <exception cref="SimulationFailure">It does not come.</exception>
    public async Task<long> FetchAsync(string hop, HttpRequestMessage request, long maximum, Stream? keep, CancellationToken cancellation)
    {
        using (request)
        {
            var url = request.RequestUri!;
            if (url.Scheme != Uri.UriSchemeHttp)
            {
                throw new SimulationFailure(hop, $"{url} is not plain HTTP, which is all that a simulation speaks", "boot loaders of Debian speak no HTTPS either");
            }

            _log.Begin();
            var (size, told) = (0L, "");
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            try
            {
                silence.CancelAfter(_patience);
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
                await using var body = await response.Content.ReadAsStreamAsync(silence.Token);
                if (!response.IsSuccessStatusCode)
                {
                    throw new SimulationFailure(hop, $"{url} is answered {(int)response.StatusCode}: {await RefusalAsync(body, silence.Token)}", "the server's log and mayuctl trace say why");
                }

                size = await CopyAsync(hop, url, body, maximum, keep, silence);
                var length = response.Content.Headers.ContentLength;
                if (length is { } whole && whole != size && request.Method != HttpMethod.Head)
                {
                    throw new SimulationFailure(hop, $"{url} ended at {size} of {whole} bytes", "the server closed the connection: its log says why");
                }

                told = request.Method == HttpMethod.Head ? $", which has {(length is { } bytes ? $"{bytes} bytes" : "no Content-Length")}" : "";
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
                throw new SimulationFailure(hop, $"{url}: {e.GetBaseException().Message}", "does a firewall let the machines reach the boot port (4081)?");
            }
            catch (IOException e)
            {
                throw new SimulationFailure(hop, $"{url} broke at {size} bytes: {e.GetBaseException().Message}", "the server's log says why");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new SimulationFailure(hop, $"{url}: nothing came for {_patience.TotalSeconds:0.#} s", "does a firewall let the machines reach the boot port (4081)?");
            }

            _log.End(hop, $"{request.Method} {url}{told}", size);
            return size;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<long> CopyAsync(string hop, Uri url, Stream body, long maximum, Stream? keep, CancellationTokenSource silence)
    {
        var buffer = new byte[BufferSize];
        var size = 0L;
        var pace = new DownloadPace(TimeProvider.System, _patience);
        while (true)
        {
            silence.CancelAfter(_patience);
            var read = await body.ReadAsync(buffer, silence.Token);
            if (read == 0)
            {
                return size;
            }

            size += read;
            if (pace.WhyGiveUp(size) is { } slow)
            {
                throw new SimulationFailure(hop, $"{url} comes too slowly: {slow}", "a machine would wait for hours: look at the server and at the network between");
            }

            if (size > maximum)
            {
                throw new SimulationFailure(hop, $"{url} has more than the {maximum} bytes that a simulation takes", "is it the right file?");
            }

            if (keep is not null)
            {
                await keep.WriteAsync(buffer.AsMemory(0, read), silence.Token);
            }
        }
    }

    private static async Task<string> RefusalAsync(Stream body, CancellationToken cancellation)
    {
        var text = new byte[LongestRefusal];
        var length = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellation);
        return System.Text.Encoding.UTF8.GetString(text, 0, length).Trim();
    }
}
