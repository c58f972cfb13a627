using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>Files that the kernel sends by itself: every byte is there, in its place, whatever part of it is asked for and whatever comes before and after.</summary>
public sealed class LargeFileTests : IAsyncLifetime
{
    private const string Path = "/images/vmlinuz";
    private const int Size = (3 << 20) + 12345;

    private readonly byte[] _content = new byte[Size];
    private TestServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        new Random(1).NextBytes(_content);
        await File.WriteAllBytesAsync(System.IO.Path.Combine(_server.Folder, "images", "discovery", "vmlinuz"), _content, Token);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(1, Size - 1)]
    [InlineData(0, Size - 2)]
    [InlineData(0, (64 << 10) - 1)]
    [InlineData(0, 64 << 10)]
    [InlineData(1, 64 << 10)]
    [InlineData(7, (512 << 10) + (64 << 10) + 6)]
    [InlineData(7, (512 << 10) + (64 << 10) + 7)]
    [InlineData(1 << 20, 2 << 20)]
    [InlineData(Size - (64 << 10) - 1, Size - 1)]
    [InlineData(Size - 1, Size - 1)]
    public async Task A_range_is_those_bytes(int from, int to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path) { Headers = { Range = new RangeHeaderValue(from, to) } };
        using var answer = await _server.Boot.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        var sent = await answer.Content.ReadAsByteArrayAsync(Token);
        Assert.True(_content.AsSpan(from, to - from + 1).SequenceEqual(sent));
    }

    [Fact]
    public async Task Requests_that_come_at_once_over_one_connection_are_answered_one_after_the_other()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_server.Boot.BaseAddress!.Host, _server.Boot.BaseAddress.Port, Token);
        var stream = client.GetStream();
        const string Whole = $"GET {Path} HTTP/1.1\r\nHost: x\r\n\r\n";
        const string Head = $"HEAD {Path} HTTP/1.1\r\nHost: x\r\n\r\n";
        const string Last = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Whole + Head + Whole + Last), Token);

        var all = new MemoryStream();
        await stream.CopyToAsync(all, Token).WaitAsync(TimeSpan.FromMinutes(1), Token);

        var rest = all.ToArray().AsMemory();
        Assert.True(_content.AsSpan().SequenceEqual(Body(ref rest, Size).Span));
        Body(ref rest, 0);
        Assert.True(_content.AsSpan().SequenceEqual(Body(ref rest, Size).Span));
        Assert.Contains("this port is for booting machines", Encoding.UTF8.GetString(rest.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_that_leave_in_the_middle_disturb_nobody()
    {
        var leaving = Enumerable.Range(0, 50).Select(async number =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(_server.Boot.BaseAddress!.Host, _server.Boot.BaseAddress.Port, Token);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {Path} HTTP/1.1\r\nHost: x\r\n\r\n"), Token);
            await client.GetStream().ReadExactlyAsync(new byte[1 + (number * 50_000)], Token);
            client.LingerState = new LingerOption(enable: number % 2 == 0, seconds: 0);
        });
        var staying = Enumerable.Range(0, 10).Select(_ => _server.Boot.GetByteArrayAsync(new Uri(Path, UriKind.Relative), Token)).ToList();
        await Task.WhenAll(leaving);

        foreach (var whole in await Task.WhenAll(staying))
        {
            Assert.True(_content.AsSpan().SequenceEqual(whole));
        }
    }

    // Takes the next answer, and gives its body.
    private static ReadOnlyMemory<byte> Body(ref Memory<byte> rest, int length)
    {
        var head = rest.Span.IndexOf("\r\n\r\n"u8) + 4;
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", Encoding.ASCII.GetString(rest.Span[..head]), StringComparison.Ordinal);
        Assert.Contains($"\r\nContent-Length: {Size}\r\n", Encoding.ASCII.GetString(rest.Span[..head]), StringComparison.Ordinal);
        var body = rest.Slice(head, length);
        rest = rest[(head + length)..];
        return body;
    }
}
