using System.Globalization;
using System.Text.Json.Nodes;
using Json.Schema;
using Mayu.Server.Tests.BootHttp;
using Mayu.Server.Tests.Http;

namespace Mayu.Server.Tests.Api.Description;

/// <summary>The OpenAPI document of a server, as a reader of it sees it.</summary>
internal sealed class DescribedApi
{
    private const string Schemas = "#/components/schemas/";
    private static readonly EvaluationOptions Strictly = new() { RequireFormatValidation = true, OutputFormat = OutputFormat.List };

    private readonly JsonObject _definitions;

    public DescribedApi(JsonObject json)
    {
        Json = json;
        Operations =
        [
            .. from path in json["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               select new DescribedOperation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject()),
        ];
        // A key that the schema does not have would be ignored: here it is a fault.
        _definitions = json["components"]!["schemas"]!.DeepClone().AsObject();
        foreach (var schema in _definitions.Select(schema => schema.Value!.AsObject()).Where(schema => schema["properties"] is not null))
        {
            schema["additionalProperties"] = false;
        }
    }

    public JsonObject Json { get; }

    public IReadOnlyList<DescribedOperation> Operations { get; }

    public static async Task<DescribedApi> ReadAsync(TestServer server) => new(
        JsonNode.Parse(await server.Api.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken))!.AsObject());

    /// <summary>Each operation with a request of it.</summary>
    public IEnumerable<(Routed Asked, DescribedOperation Operation)> Match(RouteWalk walk) =>
        from operation in Operations
        from asked in walk.Api
        where asked.Method.Method == operation.Method && asked.Route.RoutePattern.RawText == operation.Path
        select (asked, operation);

    /// <summary>The schema that a reference names.</summary>
    public JsonObject SchemaOf(JsonNode reference) => Json["components"]!["schemas"]![((string)reference["$ref"]!)[Schemas.Length..]]!.AsObject();

    /// <summary>What an answer of a status and type has inside; null where none is described.</summary>
    public JsonObject? ContentOf(DescribedOperation operation, int status, string? type)
    {
        var responses = operation.Json["responses"]!;
        var response = responses[status.ToString(CultureInfo.InvariantCulture)] ?? responses["default"]!;
        if ((string?)response["$ref"] is { } reference)
        {
            response = Json["components"]!["responses"]![reference.Split('/')[^1]]!;
        }

        return type is null ? null : response["content"]![type] as JsonObject;
    }

    /// <summary>In what a value is not as a schema says; empty where it is.</summary>
    public string Problems(JsonNode schema, JsonNode? value)
    {
        var whole = schema.DeepClone().AsObject();
        whole["$defs"] = _definitions.DeepClone();
        var text = whole.ToJsonString().Replace(Schemas, "#/$defs/", StringComparison.Ordinal);
        var result = JsonSchema.FromText(text).Evaluate(value, Strictly);
        return result.IsValid ? "" : string.Join("; ",
            result.Details.Where(detail => detail.HasErrors).Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}"));
    }
}

/// <summary>An operation of it.</summary>
internal sealed record DescribedOperation(string Method, string Path, JsonObject Json)
{
    public IEnumerable<JsonObject> Parameters => (Json["parameters"] as JsonArray ?? []).Select(parameter => parameter!.AsObject());

    /// <summary>What it sends and answers as JSON, with schemas that have a name.</summary>
    public IEnumerable<JsonObject> JsonContents =>
        from content in Json["responses"]!.AsObject().Select(response => response.Value!["content"]).Append(Json["requestBody"]?["content"]).OfType<JsonObject>()
        from media in content
        where media.Key.EndsWith("json", StringComparison.Ordinal) && media.Value!["schema"]!["$ref"] is not null
        select media.Value!.AsObject();

    /// <summary>The names of its parameters in one place, in their order.</summary>
    public IReadOnlyList<string> Names(string place) => [.. Parameters.Where(parameter => (string?)parameter["in"] == place).Select(parameter => (string)parameter["name"]!)];

    public override string ToString() => $"{Method} {Path}";
}
