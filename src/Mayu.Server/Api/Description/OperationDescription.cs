using System.Globalization;
using System.Text.Json.Nodes;
using Mayu.Client.Contracts;
using Mayu.Server.Access;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Mayu.Server.Api.Description;

/// <summary>An operation object of OpenAPI 3.1 (§4.8.10), from what a route says of itself.</summary>
/// <param name="schemas">Takes the schemas that it refers to.</param>
/// <param name="examples">Takes the types of which it refers to an example.</param>
/// <param name="refusals">Takes the refusals that it refers to.</param>
internal sealed class OperationDescription(ContractSchemas schemas, ISet<Type> examples, ISet<int> refusals)
{
    /// <summary>What the scheme of the tokens is called.</summary>
    public const string TokenScheme = "token";

    private const string IfMatch = "If-Match";
    private const string IfNoneMatch = "If-None-Match";
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Describes a method of a route.</summary>
    public JsonObject Of(RouteEndpoint route, string method)
    {
        var metadata = route.Metadata;
        var least = metadata.GetMetadata<RouteRole>() is { } role ? role.Least : throw new InvalidOperationException($"{route.RoutePattern.RawText} says nobody may use it.");
        var parameters = metadata.GetOrderedMetadata<RequestParameter>();
        var body = metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        var operation = new JsonObject
        {
            ["operationId"] = metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName,
            ["tags"] = new JsonArray(TagOf(route.RoutePattern.RawText!)),
            ["summary"] = metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary,
            ["security"] = least is { } needed ? new JsonArray(new JsonObject { [TokenScheme] = new JsonArray(RoleNames.Of(needed)) }) : new JsonArray(),
        };
        if (parameters.Count > 0)
        {
            operation["parameters"] = new JsonArray([.. parameters.Select(Of)]);
        }

        if (body is not null)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = ContentOf("application/json", body, isSent: true) };
        }

        operation["responses"] = ResponsesOf(metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>(), Refusals(method, least, parameters, body), parameters);
        return operation;
    }

    private static JsonObject Of(RequestParameter parameter)
    {
        var schema = (JsonObject)parameter.Schema.DeepClone();
        return new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = parameter.Place,
            ["description"] = parameter.Text,
            ["required"] = parameter.Place == RequestParameter.Path,
            ["schema"] = schema,
            ["example"] = (string?)schema["type"] switch
            {
                "integer" => int.Parse(parameter.Example, CultureInfo.InvariantCulture),
                "boolean" => bool.Parse(parameter.Example),
                _ => parameter.Example,
            },
        };
    }

    private JsonObject ResponsesOf(IReadOnlyList<IProducesResponseTypeMetadata> produced, IEnumerable<int> refused, IReadOnlyList<RequestParameter> parameters)
    {
        var responses = new JsonObject();
        foreach (var one in produced.Where(one => one.Type is not null))
        {
            var (type, contentType) = (one.Type!, one.ContentTypes.First());
            var response = new JsonObject { ["description"] = DescriptionOf(one.StatusCode), ["content"] = ContentOf(contentType, type) };
            if (TagOf(type, parameters) is { } tag)
            {
                response["headers"] = new JsonObject { ["ETag"] = new JsonObject { ["description"] = tag, ["schema"] = new JsonObject { ["type"] = "string" } } };
            }

            responses[Text(one.StatusCode)] = response;
        }

        if (parameters.Any(parameter => parameter.Name == IfNoneMatch))
        {
            responses[Text(StatusCodes.Status304NotModified)] = new JsonObject { ["description"] = "You have the answer already." };
        }

        foreach (var status in refused.Where(status => !responses.ContainsKey(Text(status))))
        {
            refusals.Add(status);
            responses[Text(status)] = RefusalResponses.RefTo(status);
        }

        responses["default"] = RefusalResponses.RefTo(RefusalResponses.AnyOther);
        return responses;

        static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
    }

    private static string? TagOf(Type answer, IReadOnlyList<RequestParameter> parameters) =>
        answer == typeof(Machine) && parameters.Any(parameter => parameter.Name == "serial") ? "The machine's record, for If-Match. Not if it has none."
        : parameters.Any(parameter => parameter.Name == IfNoneMatch) ? "Another one for each other answer, for If-None-Match."
        : null;

    private static string DescriptionOf(int status) => status switch
    {
        StatusCodes.Status201Created => "It was created.",
        StatusCodes.Status503ServiceUnavailable => "Not ready.",
        _ => "The answer.",
    };

    // What the listener, the parts of the request and the writer refuse, whatever the handler does.
    private static IEnumerable<int> Refusals(string method, Role? least, IReadOnlyList<RequestParameter> parameters, Type? body)
    {
        (bool Applies, int[] Statuses)[] refusals =
        [
            (true, [StatusCodes.Status400BadRequest]),
            (least is not null, [StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden]),
            (parameters.Any(parameter => parameter.Place == RequestParameter.Path), [StatusCodes.Status404NotFound]),
            (!HttpMethods.IsGet(method), [StatusCodes.Status409Conflict]),
            (parameters.Any(parameter => parameter.Name == IfMatch), [StatusCodes.Status412PreconditionFailed]),
            (body is not null, [StatusCodes.Status413PayloadTooLarge]),
            (parameters.Any(parameter => parameter.Name == IdempotencyKey), [StatusCodes.Status422UnprocessableEntity]),
            (least is not null, [StatusCodes.Status421MisdirectedRequest, StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable]),
        ];
        return refusals.Where(refusal => refusal.Applies).SelectMany(refusal => refusal.Statuses);
    }

    private JsonObject ContentOf(string contentType, Type type, bool isSent = false) => new()
    {
        [contentType] =
            type == typeof(string) ? new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } }
            : type == typeof(JsonObject) ? new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } }
            : contentType.StartsWith("text/", StringComparison.Ordinal) ? EventsOf(type)
            : new JsonObject { ["schema"] = schemas.RefTo(type, isSent), ["examples"] = ExampleOf(type) },
    };

    private JsonObject ExampleOf(Type type)
    {
        examples.Add(type);
        var name = ContractSchemas.NameOf(type);
        return new JsonObject { [name] = new JsonObject { ["$ref"] = $"#/components/examples/{name}" } };
    }

    // A stream is a text to OpenAPI 3.1; the schema of its data is there under its name.
    private JsonObject EventsOf(Type type)
    {
        schemas.RefTo(type);
        return new JsonObject
        {
            ["schema"] = new JsonObject { ["type"] = "string", ["description"] = $"Server-sent events. The data of each is a {type.Name} in JSON." },
            ["example"] = $"id: 8df4dfbe5bac403-7\nevent: state\ndata: {ContractExamples.Of(type).ToJsonString()}\n\n",
        };
    }

    private static string TagOf(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["api", "v1", var first, ..] ? first : "server";
}
