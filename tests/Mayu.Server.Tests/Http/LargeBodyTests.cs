using System.Text;

namespace Mayu.Server.Tests.Http;

/// <summary>Bodies of 1 GiB, declared and in chunks, at every route: what is too much is not kept.</summary>
[Collection(nameof(MeasuringAlone))]
public sealed class LargeBodyTests
{
    private const long GiB = 1L << 30;
    private const long MostMemory = 50L << 20;

    private static readonly byte[] Chunk = [.. "10000\r\n"u8, .. Enumerable.Repeat((byte)' ', 0x10000), .. "\r\n"u8];

    [Fact]
    public async Task A_GiB_that_is_declared_is_a_413_before_it_comes()
    {
        await using var walk = await RouteWalk.StartAsync();
        var before = walk.Server.Store.Current;
        foreach (var one in walk.All)
        {
            using var connection = await RawConnection.OpenAsync(one.Client.BaseAddress!);
            await connection.TrySendAsync(HeadOf(walk, one, $"Content-Length: {GiB}"));
            Assert.StartsWith("HTTP/1.1 413 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        }

        Assert.Same(before, walk.Server.Store.Current);
    }

    [Fact]
    public async Task A_GiB_in_chunks_ends_at_the_limit_and_takes_no_memory()
    {
        await using var walk = await RouteWalk.StartAsync();
        var asked = walk.All.Where(one => one.Body is not null).ToList();
        await SendAsync(walk, asked[0]);
        await SendAsync(walk, asked[^1]);
        var before = Environment.WorkingSet;
        foreach (var one in walk.All.Where(one => !one.Path.StartsWith("/api/v1/events", StringComparison.Ordinal)))
        {
            var (answer, sent) = await SendAsync(walk, one);
            Assert.True(sent < GiB, $"{one} took all of it");
            Assert.True(one.Body is null || answer.StartsWith("HTTP/1.1 413 ", StringComparison.Ordinal), $"{one}: {answer}");
            var more = Environment.WorkingSet - before;
            Assert.True(more < MostMemory, $"{one}: {more:N0} bytes more than before");
        }
    }

    private static async Task<(string Answer, long Sent)> SendAsync(RouteWalk walk, Routed one)
    {
        using var connection = await RawConnection.OpenAsync(one.Client.BaseAddress!);
        await connection.TrySendAsync(HeadOf(walk, one, "Transfer-Encoding: chunked"));
        var (answer, sent) = (connection.ReadToEndAsync(), 0L);
        while (sent < GiB && !answer.IsCompleted && await connection.TrySendAsync(Chunk))
        {
            sent += Chunk.Length;
        }

        return (await answer, sent);
    }

    private static string HeadOf(RouteWalk walk, Routed one, string length)
    {
        var head = new StringBuilder($"{one.Method} {one.Path} HTTP/1.1\r\nHost: mayu\r\nContent-Type: application/json\r\n{length}\r\n");
        if (one.Client == walk.Server.Api)
        {
            head.Append($"Authorization: {walk.Server.Api.DefaultRequestHeaders.Authorization}\r\n");
        }

        return head.Append("\r\n").ToString();
    }
}
