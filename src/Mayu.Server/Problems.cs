using System.Text.Json;
using Mayu.Client.Contracts;
using Mayu.Core.Machines;

namespace Mayu.Server;

/// <summary>Errors as both listeners answer them: RFC 9457 problem details.</summary>
internal static class Problems
{
    /// <summary>Answers an error.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string title, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ApiProblem.MediaType;
        var problem = new ApiProblem { Type = "about:blank", Title = title, Status = status, Detail = detail };
        await JsonSerializer.SerializeAsync(context.Response.Body, problem, ApiJsonContext.Default.ApiProblem, context.RequestAborted);
    }

    /// <summary>Answers a refusal. A full pool may have room later, so it is a 503 that clients try again.</summary>
    public static Task WriteAsync(HttpContext context, Refusal refusal) => refusal.Reason switch
    {
        RefusalReason.NotFound => WriteAsync(context, StatusCodes.Status404NotFound, "Not found", refusal.Detail),
        RefusalReason.Invalid => WriteAsync(context, StatusCodes.Status400BadRequest, "Invalid request", refusal.Detail),
        RefusalReason.PoolFull => WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "The address pool is full", refusal.Detail),
        RefusalReason.Disabled => WriteAsync(context, StatusCodes.Status403Forbidden, "The machine is switched off", refusal.Detail),
        RefusalReason.Conflict => WriteAsync(context, StatusCodes.Status409Conflict, "The machine conflicts with another", refusal.Detail),
        _ => WriteAsync(context, StatusCodes.Status409Conflict, "The machine's state does not allow it", refusal.Detail),
    };
}
