using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Mayu.Server.Api.Description;
using Mayu.Server.Http;
using Mayu.Server.Tests.BootHttp;
using Mayu.Server.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mayu.Server.Tests.Api.Description;

/// <summary>/openapi/v1.json against the routes that there are, what they take and what they answer.</summary>
public sealed class OpenApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_and_method_is_described_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        var document = await DescribedApi.ReadAsync(server);

        // HEAD is wherever GET is, which the text says.
        var routes =
            from route in server.ApiEndpoints
            where OpenApiDocument.IsDescribed(route)
            from method in route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
            where !HttpMethods.IsHead(method)
            select $"{method} {route.RoutePattern.RawText}";
        Assert.Equal(routes.Order(StringComparer.Ordinal), document.Operations.Select(one => one.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(("3.1.1", ProductVersion.Text), ((string?)document.Json["openapi"], (string?)document.Json["info"]!["version"]));
    }

    [Fact]
    public async Task Each_operation_has_a_name_a_summary_and_examples_that_its_schemas_allow()
    {
        await using var server = await TestServer.StartAsync();
        var document = await DescribedApi.ReadAsync(server);

        Assert.Equal(document.Operations.Count, document.Operations.Select(one => (string?)one.Json["operationId"]).OfType<string>().Distinct(StringComparer.Ordinal).Count());
        Assert.All(document.Operations, operation =>
        {
            Assert.False(string.IsNullOrEmpty((string?)operation.Json["summary"]), "no summary");
            Assert.All(operation.Parameters, parameter =>
            {
                Assert.True(parameter["description"]!.ToString().Length > 0 && parameter["example"]!.ToString().Length > 0, parameter.ToJsonString());
                Assert.Equal("", document.Problems(parameter["schema"]!, parameter["example"]));
            });
            Assert.All(operation.JsonContents, content =>
            {
                var name = content["examples"]!.AsObject().Single().Key;
                Assert.Equal("", document.Problems(content["schema"]!, document.Json["components"]!["examples"]![name]!["value"]));
            });
        });
        Assert.All(document.Json["components"]!["schemas"]!.AsObject(), schema => Assert.True(schema.Key.EndsWith("List", StringComparison.Ordinal) || schema.Value!["description"] is not null, schema.Key));
    }

    [Fact]
    public async Task The_parameters_of_each_route_are_described_and_no_other()
    {
        await using var walk = await RouteWalk.StartAsync();
        var document = await DescribedApi.ReadAsync(walk.Server);
        foreach (var (asked, operation) in document.Match(walk))
        {
            Assert.Equal(asked.Route.RoutePattern.Parameters.Select(parameter => parameter.Name), operation.Names("path"));
            if (asked.Path == "/metrics")
            {
                continue;
            }

            // The server names the parameters that it knows.
            using var unknown = await RouteWalk.SendAsync(asked, query: "?nosuch=1", body: RouteWalk.BodyOf(asked));
            var detail = await TestServer.DetailOf(unknown);
            Assert.True(unknown.StatusCode == HttpStatusCode.BadRequest, $"{asked}: {unknown.StatusCode}");
            Assert.Equal(
                operation.Names("query") is { Count: > 0 } names ? $"A parameter is unknown. The parameters are: {string.Join(", ", names)}." : "This request takes no parameters.",
                detail);
            foreach (var parameter in operation.Parameters.Where(parameter => (string?)parameter["in"] == "query"))
            {
                // Which networks there are, is this server's own.
                if ((string?)parameter["name"] is "network")
                {
                    continue;
                }

                using var answer = await RouteWalk.SendAsync(asked, query: $"?{parameter["name"]}={Uri.EscapeDataString(parameter["example"]!.ToString())}", body: RouteWalk.BodyOf(asked));
                Assert.True(answer.StatusCode != HttpStatusCode.BadRequest, $"{asked}: {parameter["name"]} is refused");
            }
        }
    }

    [Fact]
    public async Task If_Match_is_described_where_it_is_read()
    {
        await using var walk = await RouteWalk.StartAsync();
        var document = await DescribedApi.ReadAsync(walk.Server);
        foreach (var (asked, operation) in document.Match(walk))
        {
            using var request = new HttpRequestMessage(asked.Method, asked.Path) { Content = new StringContent(RouteWalk.BodyOf(asked)) };
            request.Headers.TryAddWithoutValidation("If-Match", "no tag");
            using var answer = await asked.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
            // Where a change does not read it, it is refused; where it is read, this one is no tag.
            var said = answer.StatusCode == HttpStatusCode.BadRequest ? await answer.Content.ReadAsStringAsync(Token) : "";
            Assert.True(said.Contains("If-Match is not a list", StringComparison.Ordinal) == operation.Names("header").Contains("If-Match"), $"{asked}: {answer.StatusCode} {said}");
        }
    }

    [Fact]
    public async Task What_the_server_answers_is_what_is_described()
    {
        await using var walk = await RouteWalk.StartAsync();
        var document = await DescribedApi.ReadAsync(walk.Server);
        // Nothing is looked at after it was deleted.
        var requests = document.Match(walk).OrderBy(one => one.Asked.Method == HttpMethod.Delete ? 2 : one.Asked.Method == HttpMethod.Get ? 0 : 1).ToList();
        var read = 0;
        foreach (var (asked, operation) in requests)
        {
            foreach (var query in operation.Names("query").Contains("fields") ? new[] { "", asked.Path.EndsWith("/history", StringComparison.Ordinal) ? "?fields=true" : "?fields=serial,state" } : [""])
            {
                using var answer = await RouteWalk.SendAsync(asked, query: query, body: asked.Body is null ? null : RouteWalk.BodyOf(asked));
                var type = answer.Content.Headers.ContentType?.MediaType;
                var content = document.ContentOf(operation, (int)answer.StatusCode, type);
                Assert.True(content is not null, $"{asked}: {(int)answer.StatusCode} {type} is not described");
                if (type != "text/event-stream")
                {
                    var body = await answer.Content.ReadAsStringAsync(Token);
                    var problems = document.Problems(content["schema"]!, type!.EndsWith("json", StringComparison.Ordinal) ? JsonNode.Parse(body) : JsonValue.Create(body));
                    Assert.True(problems.Length == 0, $"{asked}: {problems}: {body[..Math.Min(body.Length, 500)]}");
                    read += answer.IsSuccessStatusCode ? 1 : 0;
                }
            }
        }

        Assert.True(read >= 20, $"{read} answers were 2xx");
    }

    [Fact]
    public async Task What_a_body_must_have_the_server_demands_and_nothing_more()
    {
        await using var walk = await RouteWalk.StartAsync();
        var document = await DescribedApi.ReadAsync(walk.Server);
        foreach (var (asked, operation) in document.Match(walk).Where(one => one.Operation.Json["requestBody"] is not null))
        {
            var schema = document.SchemaOf(operation.Json["requestBody"]!["content"]!["application/json"]!["schema"]!);
            var required = (schema["required"] as JsonArray ?? []).Select(name => (string)name!).ToList();
            var example = JsonNode.Parse(RouteWalk.BodyOf(asked))!.AsObject();
            foreach (var name in required)
            {
                var without = example.DeepClone().AsObject();
                without.Remove(name);
                using var answer = await RouteWalk.SendAsync(asked, body: without.ToJsonString());
                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{asked} without {name}: {answer.StatusCode}");
            }

            foreach (var (name, property) in schema["properties"]!.AsObject().Where(property => !required.Contains(property.Key)))
            {
                var with = example.DeepClone().AsObject();
                with[name] = property!["type"] is JsonArray || property["$ref"] is not null ? null : false;
                using var answer = await RouteWalk.SendAsync(asked, body: with.ToJsonString());
                // What the change itself is refused for is another matter.
                Assert.DoesNotContain("\"title\":\"The body", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_document_is_for_everybody_and_has_a_tag_by_which_it_is_not_sent_again()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.NewNamelessClient();
        foreach (var (path, type) in new[] { ("/openapi/v1.json", "application/json"), ("/docs", "text/html") })
        {
            using var first = await client.GetAsync(new Uri(path, UriKind.Relative), Token);
            Assert.Equal((HttpStatusCode.OK, type), (first.StatusCode, first.Content.Headers.ContentType!.MediaType));
            using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { EntityTagHeaderValue.Parse(first.Headers.ETag!.Tag) } } };
            using var second = await client.SendAsync(again, Token);
            Assert.Equal((HttpStatusCode.NotModified, ""), (second.StatusCode, await second.Content.ReadAsStringAsync(Token)));
            Assert.True(first.Headers.CacheControl!.NoCache, $"{first.Headers.CacheControl}");
        }
    }
}
