using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Mayu.Server.Api.Description;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api.Description;

/// <summary>/docs: the description of the API as a page.</summary>
public sealed partial class DescriptionPageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_shows_every_operation_and_schema_and_each_of_its_links_leads_somewhere()
    {
        await using var server = await TestServer.StartAsync();
        var document = await DescribedApi.ReadAsync(server);
        var page = await server.Api.GetStringAsync(new Uri("/docs", UriKind.Relative), Token);

        var ids = Id().Matches(page).Select(match => match.Groups["id"].Value).ToList();
        Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
        Assert.All(document.Operations, operation => Assert.Contains((string)operation.Json["operationId"]!, ids));
        Assert.All(document.Json["components"]!["schemas"]!.AsObject(), schema => Assert.Contains($"schema-{schema.Key}", ids));
        var links = Link().Matches(page).Select(match => match.Groups["to"].Value).ToList();
        Assert.True(links.Count > 50, $"{links.Count} links");
        Assert.All(links, link => Assert.True(link == "/openapi/v1.json" || ids.Contains(link.TrimStart('#')), link));
    }

    [Fact]
    public async Task It_loads_nothing_and_the_browser_is_told_so()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Api.GetAsync(new Uri("/docs", UriKind.Relative), Token);
        var page = await answer.Content.ReadAsStringAsync(Token);

        Assert.DoesNotMatch(@"<(script|link|img|iframe|form|base)\b|\bon\w+=|url\(|@import|\bsrc=|\bstyle=|=['""]?https?:", page);
        var style = Style().Match(page).Groups["style"].Value;
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
    }

    [Fact]
    public async Task Whatever_the_document_says_is_text()
    {
        const string Evil = "\"><script>alert('1')</script>&";
        await using var server = await TestServer.StartAsync();
        // Each text of the document that the page does not look up by its name.
        var json = (await DescribedApi.ReadAsync(server)).Json.ToJsonString();
        json = Shown().Replace(json, match => $"\"{match.Groups["key"].Value}\":\"{System.Text.Json.JsonEncodedText.Encode(Evil)}\"");
        var page = DescriptionPage.Of(System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject());

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.True(page.Split("&quot;&gt;&lt;script&gt;").Length > 300, "the texts are in the page");
    }

    [GeneratedRegex(" id=\"(?<id>[^\"]*)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();

    [GeneratedRegex(" href=\"(?<to>[^\"]*)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex("<style>(?<style>[^<]*)</style>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Style();

    [GeneratedRegex("\"(?<key>description|summary|title|operationId|example|in)\":\"(?<text>[^\"]*)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shown();
}
