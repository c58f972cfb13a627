using System.Text.Json.Nodes;
using Mayu.Client.Contracts;
using Microsoft.AspNetCore.WebUtilities;

namespace Mayu.Server.Api.Description;

/// <summary>What a refusal means, whatever was asked: each is described once, and operations refer to it.</summary>
internal static class RefusalResponses
{
    /// <summary>In the place of a status: each that has no description of its own.</summary>
    public const int AnyOther = 0;

    /// <summary>A reference to the description.</summary>
    public static JsonObject RefTo(int status) => new() { ["$ref"] = "#/components/responses/" + NameOf(status) };

    /// <summary>The descriptions, by their names.</summary>
    /// <param name="statuses">Those that are referred to.</param>
    /// <param name="schemas">Takes the schema of a problem.</param>
    public static JsonObject ToJson(IEnumerable<int> statuses, ContractSchemas schemas)
    {
        var all = new JsonObject();
        foreach (var status in statuses.Prepend(AnyOther))
        {
            all[NameOf(status)] = new JsonObject
            {
                ["description"] = TextOf(status),
                ["content"] = new JsonObject
                {
                    [ApiProblem.MediaType] = new JsonObject
                    {
                        ["schema"] = schemas.RefTo(typeof(ApiProblem)),
                        ["examples"] = new JsonObject { [nameof(ApiProblem)] = new JsonObject { ["$ref"] = $"#/components/examples/{nameof(ApiProblem)}" } },
                    },
                },
            };
        }

        return all;
    }

    private static string NameOf(int status) => status == AnyOther ? "Problem" : ReasonPhrases.GetReasonPhrase(status).Replace(" ", "", StringComparison.Ordinal);

    private static string TextOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request is wrong: a key, a parameter or a value.",
        StatusCodes.Status401Unauthorized => "The token or the client certificate is missing or wrong.",
        StatusCodes.Status403Forbidden => "The caller may not do this, or the request comes from a page of another site.",
        StatusCodes.Status404NotFound => "What the path names does not exist.",
        StatusCodes.Status409Conflict => "The state of the machine does not allow it, it conflicts with another machine, a pin or the configuration, or the first request with this Idempotency-Key still runs.",
        StatusCodes.Status412PreconditionFailed => "The machine's record is not the one that If-Match names: somebody changed it.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than 1 MiB.",
        StatusCodes.Status422UnprocessableEntity => "The Idempotency-Key was used for another request.",
        StatusCodes.Status421MisdirectedRequest => "The server's certificate is not valid for the host name of the request.",
        StatusCodes.Status429TooManyRequests => "Too many requests without a valid token came from this address.",
        StatusCodes.Status503ServiceUnavailable => "The disk takes no changes, an address pool is full, or too many programs watch the events. Try again later.",
        _ => "Any other refusal or failure (RFC 9457).",
    };
}
