using System.Text.Json.Nodes;
using Mayu.Client.Contracts;
using Mayu.Server.Http;

namespace Mayu.Server.Api.Description;

/// <summary>The description of the API as OpenAPI 3.1, made of the routes that the listener has.</summary>
internal static class OpenApiDocument
{
    /// <summary>Describes these routes. HEAD is not described: it works wherever GET does. Neither is what speaks the language of another program.</summary>
    public static JsonObject Of(IEnumerable<RouteEndpoint> routes)
    {
        var schemas = new ContractSchemas();
        var examples = new HashSet<Type> { typeof(ApiProblem) };
        var refusals = new SortedSet<int>();
        var operations = new OperationDescription(schemas, examples, refusals);
        var paths = new JsonObject();
        foreach (var group in routes.Where(IsDescribed).GroupBy(route => route.RoutePattern.RawText!).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var path = new JsonObject();
            foreach (var (route, method) in group.SelectMany(MethodsOf).OrderBy(one => one.Method, StringComparer.Ordinal))
            {
                path[method.ToLowerInvariant()] = operations.Of(route, method);
            }

            paths[group.Key] = path;
        }

        var responses = RefusalResponses.ToJson(refusals, schemas);
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Mayu API",
                ["version"] = ProductVersion.Text,
                ["summary"] = "The life cycle of all machines that Mayu boots.",
                ["description"] = "HEAD works wherever GET does. A field that is null is left out. Times are RFC 3339. A newer server may have more fields: ignore what you do not know. "
                    + "Parameters and keys that do not exist are refused.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.ToJson(),
                ["responses"] = responses,
                ["examples"] = ExamplesOf(examples),
                ["securitySchemes"] = new JsonObject
                {
                    [OperationDescription.TokenScheme] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["description"] = "The operator's token, or one that an admin created. Each operation names the least role that may use it: viewer, operator or admin.",
                    },
                },
            },
        };
    }

    /// <summary>Whether a route is one of the API's own.</summary>
    public static bool IsDescribed(RouteEndpoint route) => route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true };

    private static IEnumerable<(RouteEndpoint Route, string Method)> MethodsOf(RouteEndpoint route) =>
        from method in route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
        where !HttpMethods.IsHead(method)
        select (route, method);

    private static JsonObject ExamplesOf(IEnumerable<Type> types)
    {
        var examples = new JsonObject();
        foreach (var type in types.OrderBy(ContractSchemas.NameOf, StringComparer.Ordinal))
        {
            examples[ContractSchemas.NameOf(type)] = new JsonObject { ["value"] = ContractExamples.Of(type) };
        }

        return examples;
    }
}
