using System.Text;
using System.Text.Json.Nodes;

namespace Mayu.Server.Tests.Http;

/// <summary>A request that ends in its middle: a power cut, a cable, a script that is stopped.</summary>
public sealed class CutRequestTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_PATCH_that_is_cut_at_any_byte_changes_nothing(bool inOrder)
    {
        await using var walk = await RouteWalk.StartAsync();
        const string Body = """{"cabinet": "7", "providerId": "p", "metadata": ["rack=7"]}""";
        var request = Encoding.Latin1.GetBytes(
            $"PATCH /api/v1/machines/a HTTP/1.1\r\nHost: mayu\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n"
            + $"Authorization: {walk.Server.Api.DefaultRequestHeaders.Authorization}\r\n\r\n{Body}");
        var before = walk.Server.Store.Current;
        for (var length = 0; length < request.Length; length++)
        {
            using var connection = await RawConnection.OpenAsync(walk.Server.Api.BaseAddress!);
            await connection.TrySendAsync(request.AsMemory(0, length));
            connection.Cut(inOrder);
        }

        using (var whole = await RawConnection.OpenAsync(walk.Server.Api.BaseAddress!))
        {
            Assert.Same(before, walk.Server.Store.Current);
            await whole.TrySendAsync(request);
            Assert.StartsWith("HTTP/1.1 200 ", await whole.ReadToEndAsync(), StringComparison.Ordinal);
        }

        var machine = await walk.Server.MachineAsync("a");
        Assert.Equal(("7", "p", """["rack=7"]"""), ((string?)machine["cabinet"], (string?)machine["providerId"], machine["metadata"]!.ToJsonString()));
        var history = JsonNode.Parse(await walk.Server.Api.GetStringAsync("/api/v1/history?serial=a&who=operator", TestContext.Current.CancellationToken))!;
        Assert.Single(history["items"]!.AsArray());
    }

    [Fact]
    public async Task A_body_that_is_cut_changes_nothing_on_any_route_of_either_listener()
    {
        await using var walk = await RouteWalk.StartAsync();
        var before = walk.Server.Store.Current;
        var count = 0;
        foreach (var asked in walk.All.Where(asked => asked.Body is not null))
        {
            var body = Encoding.UTF8.GetBytes(RouteWalk.BodyOf(asked));
            var head = Encoding.Latin1.GetBytes(
                $"{asked.Method} {asked.Path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n"
                + $"Authorization: {asked.Client.DefaultRequestHeaders.Authorization}\r\n\r\n");
            foreach (var (length, inOrder) in new[] { (0, true), (1, false), (body.Length / 2, true), (body.Length / 2, false), (body.Length - 1, true), (body.Length - 1, false) })
            {
                using var connection = await RawConnection.OpenAsync(asked.Client.BaseAddress!);
                await connection.TrySendAsync(head);
                await connection.TrySendAsync(body.AsMemory(0, length));
                connection.Cut(inOrder);
                count++;
            }
        }

        Assert.True(count > 60, $"{count} requests");
        // Who is asked now is answered after them.
        await walk.Server.MachineAsync(RouteWalk.Machine);
        Assert.Same(before, walk.Server.Store.Current);
    }
}
