using System.Net;
using System.Text.Json.Nodes;
using Mayu.Server.EtcdDiscovery;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>etcd discovery over real sockets, in the words of etcd's v2 keys API.</summary>
public sealed class EtcdDiscoveryEndpointTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_token_has_the_size_that_was_asked_for_or_the_configured_one_and_no_members()
    {
        await using var server = await TestServer.StartAsync("etcd_discovery: {size: 5}");
        var url = await NewAsync(server);
        Assert.Matches("^http://127\\.0\\.0\\.1:[0-9]+/etcd/[0-9a-f]{32}$", url);
        Assert.Equal("5", await SizeAsync(server, PathOf(url)));
        Assert.Equal("7", await SizeAsync(server, PathOf(await NewAsync(server, "7"))));

        using var answer = await server.Boot.GetAsync($"{PathOf(url)}?quorum=false&recursive=false&sorted=false", Cancel);
        Assert.Equal("1", Assert.Single(answer.Headers.GetValues("X-Etcd-Index")));
        Assert.Equal(
            $$$"""{"action":"get","node":{"key":"{{{PathOf(url)}}}","modifiedIndex":1,"createdIndex":1,"dir":true}}""", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("33")]
    [InlineData("-1")]
    [InlineData("three")]
    public async Task A_size_that_no_cluster_has_is_refused(string size)
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Boot.PutAsync("/etcd/new", Form(("size", size)), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("1 to 32", await TestServer.DetailOf(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_GET_makes_no_token()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Boot.GetAsync("/etcd/new?size=3", Cancel);
        Assert.False(answer.IsSuccessStatusCode);
        Assert.False(Directory.Exists(Path.Combine(server.Folder, "etcd-discovery")));
    }

    [Fact]
    public async Task A_member_registers_once_is_seen_and_goes()
    {
        await using var server = await TestServer.StartAsync();
        var token = PathOf(await NewAsync(server));
        var created = await AskAsync(server, HttpMethod.Put, $"{token}/ab?prevExist=false", HttpStatusCode.Created, ("value", "n1=http://10.0.0.1:2380"));
        Assert.Equal($$$"""{"action":"create","node":{"key":"{{{token}}}/ab","modifiedIndex":2,"createdIndex":2,"value":"n1=http://10.0.0.1:2380"}}""", created.ToJsonString());
        var again = await AskAsync(server, HttpMethod.Put, $"{token}/ab?prevExist=false", HttpStatusCode.PreconditionFailed, ("value", "other"));
        Assert.Equal((105, 2), ((int)again["errorCode"]!, (int)again["index"]!));
        var folder = await AskAsync(server, HttpMethod.Get, $"{token}?recursive=true", HttpStatusCode.OK);
        Assert.Equal("n1=http://10.0.0.1:2380", (string?)folder["node"]!["nodes"]!.AsArray().Single()!["value"]);
        Assert.Equal("n1=http://10.0.0.1:2380", (string?)(await AskAsync(server, HttpMethod.Get, $"{token}/ab", HttpStatusCode.OK))["node"]!["value"]);

        var gone = await AskAsync(server, HttpMethod.Delete, $"{token}/ab", HttpStatusCode.OK);
        Assert.Equal(("delete", null, 3), ((string?)gone["action"], (string?)gone["node"]!["value"], (int)gone["node"]!["modifiedIndex"]!));
        Assert.Equal(100, (int)(await AskAsync(server, HttpMethod.Get, $"{token}/ab", HttpStatusCode.NotFound))["errorCode"]!);
    }

    [Fact]
    public async Task Who_waits_is_answered_at_once_with_the_head_and_with_the_change_when_it_comes()
    {
        await using var server = await TestServer.StartAsync();
        var token = PathOf(await NewAsync(server));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{token}?wait=true&recursive=true&waitIndex=2");
        using var head = await server.Boot.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal("1", Assert.Single(head.Headers.GetValues("X-Etcd-Index")));
        await AskAsync(server, HttpMethod.Put, $"{token}/ab", HttpStatusCode.Created, ("value", "v"));
        Assert.Equal("v", (string?)JsonNode.Parse(await head.Content.ReadAsStringAsync(Cancel))!["node"]!["value"]);
        // One that comes later asks for what was.
        Assert.Equal(2, (int)(await AskAsync(server, HttpMethod.Get, $"{token}/ab?wait=true&waitIndex=2", HttpStatusCode.OK))["node"]!["modifiedIndex"]!);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/_config/size")]
    [InlineData("GET", "/ab")]
    [InlineData("GET", "/ab?wait=true")]
    [InlineData("PUT", "/ab")]
    [InlineData("PUT", "/_config/size")]
    [InlineData("DELETE", "")]
    [InlineData("DELETE", "/ab")]
    public async Task A_token_that_is_none_is_not_found_and_not_made(string method, string below)
    {
        await using var server = await TestServer.StartAsync();
        var error = await AskAsync(server, new HttpMethod(method), $"/etcd/{new string('0', 32)}{below}", HttpStatusCode.NotFound, ("value", "3"));
        Assert.Equal((100, "Key not found"), ((int)error["errorCode"]!, (string?)error["message"]));
        Assert.False(Directory.Exists(Path.Combine(server.Folder, "etcd-discovery")));
    }

    [Theory]
    [InlineData("/ab?ttl=5", "ttl")]
    [InlineData("/ab?prevExist=perhaps", "prevExist")]
    [InlineData("/_config", null)]
    [InlineData("/%2e%2e%2fx", null)]
    public async Task What_Mayu_does_not_know_is_refused(string below, string? cause)
    {
        await using var server = await TestServer.StartAsync();
        var error = await AskAsync(server, HttpMethod.Put, PathOf(await NewAsync(server)) + below, HttpStatusCode.BadRequest, ("value", "v"));
        Assert.Equal(209, (int)error["errorCode"]!);
        Assert.True(cause is null || (string?)error["cause"] == cause);
    }

    [Fact]
    public async Task A_value_or_a_body_that_is_too_long_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        var token = PathOf(await NewAsync(server));
        Assert.Equal(209, (int)(await AskAsync(server, HttpMethod.Put, $"{token}/ab", HttpStatusCode.BadRequest, ("value", new string('x', DiscoveryToken.MaxValue + 1))))["errorCode"]!);
        using var large = await server.Boot.PutAsync($"{token}/ab", Form(("value", new string('x', 10_000))), Cancel);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact]
    public async Task Who_makes_changes_too_fast_has_to_wait_and_etcd_tries_again()
    {
        await using var server = await TestServer.StartAsync();
        var token = PathOf(await NewAsync(server));
        HttpStatusCode last;
        var changes = 0;
        do
        {
            using var answer = await server.Boot.PutAsync($"{token}/ab", Form(("value", "v")), Cancel);
            last = answer.StatusCode;
        }
        while (last != HttpStatusCode.ServiceUnavailable && ++changes < 10_000);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, last);
    }

    [Fact]
    public async Task With_another_service_or_switched_off_nothing_is_served()
    {
        await using var off = await TestServer.StartAsync("etcd_discovery: {enabled: false}");
        await using var elsewhere = await TestServer.StartAsync("etcd_discovery: {url: \"https://discovery.example/\"}");
        foreach (var server in new[] { off, elsewhere })
        {
            using var answer = await server.Boot.PutAsync("/etcd/new", Form(), Cancel);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_config_has_the_URL_of_a_token_that_is_made_when_it_is_first_printed()
    {
        await using var server = await TestServer.StartAsync();
        Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "ignition"));
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "templates", "ignition", "default.yaml"), """
            ignition: {version: 3.3.0}
            storage:
              files:
                - path: /etc/url
                  contents: {source: {{ etcd.discovery_url | data_url | yaml }}}
            """, Cancel);
        var first = await server.AskForConfigAsync("a");
        Assert.True(first.IsSuccessStatusCode, await first.Content.ReadAsStringAsync(Cancel));
        var text = await first.Content.ReadAsStringAsync(Cancel);
        var token = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(Path.Combine(server.Folder, "etcd-discovery"))));
        var source = (string)JsonNode.Parse(text)!["storage"]!["files"]![0]!["contents"]!["source"]!;
        Assert.Contains(token, Uri.UnescapeDataString(source) + System.Text.Encoding.UTF8.GetString(Base64Of(source)), StringComparison.Ordinal);
        Assert.Equal("3", await SizeAsync(server, $"/etcd/{token}"));
        var refused = await AskAsync(server, HttpMethod.Delete, $"/etcd/{token}?recursive=true", HttpStatusCode.Forbidden);
        Assert.Equal(107, (int)refused["errorCode"]!);
    }

    private static byte[] Base64Of(string source) => source.Split(";base64,") is [_, var data] ? Convert.FromBase64String(data) : [];

    private static string PathOf(string url) => new Uri(url).AbsolutePath;

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static async Task<string> NewAsync(TestServer server, string? size = null)
    {
        using var answer = await server.Boot.PutAsync("/etcd/new", size is null ? Form() : Form(("size", size)), Cancel);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancel);
    }

    private static async Task<string?> SizeAsync(TestServer server, string token) =>
        (string?)(await AskAsync(server, HttpMethod.Get, $"{token}/_config/size", HttpStatusCode.OK))["node"]!["value"];

    private static async Task<JsonNode> AskAsync(TestServer server, HttpMethod method, string path, HttpStatusCode status, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(method, path) { Content = form.Length > 0 && method != HttpMethod.Get ? Form(form) : null };
        using var answer = await server.Boot.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }
}
