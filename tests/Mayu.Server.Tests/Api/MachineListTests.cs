using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>The list of machines: which, in which order, and how much of each.</summary>
public sealed class MachineListTests : IAsyncLifetime
{
    private TestServer? _server;

    private TestServer Server => _server!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2}]");
        foreach (var (serial, rack, number) in new[] { ("a", "7", 1), ("b", "8", 2), ("c", "7", 3) })
        {
            (await Server.AskForConfigAsync(serial, number)).EnsureSuccessStatusCode();
            (await Server.Api.PatchAsJsonAsync($"/api/v1/machines/{serial}", new JsonObject { ["metadata"] = new JsonArray($"rack={rack}"), ["cabinet"] = rack }, Token)).EnsureSuccessStatusCode();
        }

        (await Server.ReportAsync("c", "installed")).EnsureSuccessStatusCode();
        // Seen, and without a record.
        await Server.Boot.GetStringAsync("/ipxebootscript?serial=d&mac=52-54-00-00-00-04", Token);
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    [Theory]
    [InlineData("", "a b c d")]
    [InlineData("?selector=rack%3D7", "a c")]
    [InlineData("?selector=rack%3D7,state%3Dinstalled", "c")]
    [InlineData("?selector=state!%3Dinstalling", "c d")]
    [InlineData("?selector=state%3Dunknown", "d")]
    [InlineData("?selector=profile%3Dcore", "a b")]
    [InlineData("?selector=profile%3Dnone", "")]
    [InlineData("?sort=-serial", "d c b a")]
    [InlineData("?sort=cabinet", "a c b d")]
    [InlineData("?sort=-cabinet", "b a c d")]
    [InlineData("?sort=state", "d a b c")]
    [InlineData("?sort=-internalAddress", "c b a d")]
    [InlineData("?limit=2", "a b")]
    [InlineData("?limit=2&after=b", "c d")]
    [InlineData("?after=d", "")]
    [InlineData("?sort=-serial&limit=1&selector=rack%3D7", "c")]
    public async Task It_has_who_is_meant_in_the_order_that_was_asked_for(string query, string serials) =>
        Assert.Equal(serials, string.Join(' ', (await ItemsAsync(query)).Select(machine => (string?)machine!["serial"])));

    [Fact]
    public async Task It_has_the_fields_that_were_asked_for_and_no_others()
    {
        var items = await ItemsAsync("?fields=serial,state,%20metadata");
        Assert.Equal("""{"serial":"a","state":"installing","metadata":["rack=7"]}""", items[0]!.ToJsonString());
        // Those of one question hold for it alone.
        Assert.Equal("""{"cabinet":"7"}""", (await ItemsAsync("?fields=cabinet"))[0]!.ToJsonString());
        Assert.NotNull((await ItemsAsync(""))[0]!["macAddresses"]);
    }

    [Theory]
    [InlineData("?selector=rack", "is no term of a selector")]
    [InlineData("?fields=serial,stat", "there is no field \"stat\"; did you mean \"state\"?")]
    [InlineData("?sort=stat", "sort must be one of cabinet, firstSeen")]
    [InlineData("?sort=state&after=a", "after is a serial, so it needs the order of serials")]
    [InlineData("?limit=0", "limit must be a number from 1 to 100000")]
    [InlineData("?filter=x", "A parameter is unknown. The parameters are: selector, fields, sort, after, limit.")]
    public async Task What_cannot_be_meant_is_refused_with_what_can(string query, string problem)
    {
        using var answer = await Server.Api.GetAsync(new Uri("/api/v1/machines" + query, UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(problem, await TestServer.DetailOf(answer), StringComparison.Ordinal);
    }

    private async Task<JsonArray> ItemsAsync(string query) => JsonNode.Parse(await Server.Api.GetStringAsync("/api/v1/machines" + query, Token))!["items"]!.AsArray();
}
