using System.Net;
using Mayu.Client.Contracts;

namespace Mayu.Server.Tests.Http;

/// <summary>What a path does not take (RFC 9110 §15.5.6), and what no path is.</summary>
public sealed class MethodTests
{
    private static readonly HttpMethod[] Methods =
        [HttpMethod.Get, HttpMethod.Head, HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete, HttpMethod.Options, HttpMethod.Trace, new("BREW")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_method_that_a_path_does_not_take_is_a_405_that_names_those_it_takes()
    {
        await using var walk = await RouteWalk.StartAsync();
        var before = walk.Server.Store.Current;
        foreach (var path in walk.All.GroupBy(one => one.Path))
        {
            // Every other word is a token.
            var takes = path.Concat(walk.All.Where(one => path.Key == "/etcd/new" && one.Route.RoutePattern.RawText == "/etcd/{token}")).Select(one => one.Method).ToHashSet();
            foreach (var method in Methods.Except(takes))
            {
                using var answer = await RouteWalk.SendAsync(path.First(), method);
                Assert.Equal((path.Key, method, HttpStatusCode.MethodNotAllowed), (path.Key, method, answer.StatusCode));
                Assert.Equal(takes.Select(one => one.Method).Order(), answer.Content.Headers.Allow.Order());
                await AssertProblemAsync(answer, method, "This path answers ");
            }
        }

        Assert.Same(before, walk.Server.Store.Current);
    }

    [Fact]
    public async Task A_path_that_is_none_is_a_404_with_its_reason()
    {
        await using var walk = await RouteWalk.StartAsync();
        foreach (var (client, hint) in new[] { (walk.Server.Api, "The API has no such path."), (walk.Server.Boot, "The boot port has no such path") })
        {
            foreach (var path in new[] { "/nosuch", "/api/v1", "/api/v1/nosuch/x", "/images/a/nosuch", "/callbacks/a/nosuch", "/healthz/x" })
            {
                foreach (var method in Methods)
                {
                    using var answer = await client.SendAsync(new HttpRequestMessage(method, path), Cancel);
                    Assert.Equal((path, method, HttpStatusCode.NotFound), (path, method, answer.StatusCode));
                    await AssertProblemAsync(answer, method, hint);
                }
            }
        }
    }

    [Fact]
    public async Task Every_answer_has_the_headers_that_keep_a_browser_harmless_and_no_cookie()
    {
        await using var walk = await RouteWalk.StartAsync();
        foreach (var one in walk.All.Concat(walk.Api.Select(one => one with { Client = walk.Server.ApiWithoutToken })))
        {
            using var answer = await RouteWalk.SendAsync(one, one.Method == HttpMethod.Get ? null : HttpMethod.Trace);
            var headers = answer.Headers.NonValidated;
            Assert.Equal((one, "nosniff"), (one, headers["X-Content-Type-Options"].ToString()));
            Assert.False(headers.Contains("Set-Cookie"), $"{one}");
            if (one.Client != walk.Server.Boot)
            {
                // The description of the API tells of no machine. What its page may load, DescriptionPageTests look at.
                var isDescription = one.Path is "/openapi/v1.json" or "/docs" && one.Method == HttpMethod.Get;
                Assert.Equal(("no-referrer", isDescription ? "no-cache" : "no-store"), (headers["Referrer-Policy"].ToString(), headers["Cache-Control"].ToString()));
                if (one.Path != "/docs" || !isDescription)
                {
                    Assert.Equal("default-src 'none'; frame-ancestors 'none'", headers["Content-Security-Policy"].ToString());
                }
            }
        }
    }

    private static async Task AssertProblemAsync(HttpResponseMessage answer, HttpMethod method, string detail)
    {
        Assert.Equal(ApiProblem.MediaType, answer.Content.Headers.ContentType?.MediaType);
        if (method != HttpMethod.Head)
        {
            Assert.Contains(detail, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
    }
}
