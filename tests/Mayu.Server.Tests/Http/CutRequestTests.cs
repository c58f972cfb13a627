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
}
