using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mayu.InfoPusher.Tests;

/// <summary>A server on the loopback that gives one prepared answer to each connection, in order, and keeps what it was sent.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;

    public ScriptedServer(params string[] answers)
    {
        _listener.Start();
        _loop = ServeAsync(answers);
    }

    public List<string> Requests { get; } = [];

    public string Url => $"http://{_listener.LocalEndpoint}/final-ignition-config.json";

    public static string Answer(int status, string body, string type = "application/json") =>
        $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync(string[] answers)
    {
        foreach (var answer in answers)
        {
            using var client = await _listener.AcceptTcpClientAsync(_end.Token);
            await using var stream = client.GetStream();
            Requests.Add(await ReadRequestAsync(stream, _end.Token));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _end.Token);
        }
    }

    private static async Task<string> ReadRequestAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var buffer = new byte[64 << 10];
        while (true)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, cancellation)));
            var request = text.ToString();
            var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var length = request.Split("Content-Length: ") is [_, var rest] ? int.Parse(rest.Split('\r')[0]) : 0;
            if (end > 0 && request.Length - end - 4 >= length)
            {
                return request;
            }
        }
    }
}
