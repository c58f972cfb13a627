using System.Text.Json;
using Mayu.Client.Contracts;
using Mayu.Core.Machines;

namespace Mayu.Server.Http;

/// <summary>An error as both listeners answer it: RFC 9457 problem details.</summary>
internal sealed class Problem(int status, string title, string detail) : IResult
{
    // In seconds. Machines wait for a person, or for a disk: ten thousand of them should not ask each second.
    private const string RetryAfter = "10";

    /// <summary>What was said makes no sense.</summary>
    public static Problem Invalid(string detail) => Of(new Refusal(RefusalReason.Invalid, detail));

    /// <summary>A refusal. A full pool may have room later, so it is a 503 that clients try again.</summary>
    public static Problem Of(Refusal refusal) => refusal.Reason switch
    {
        RefusalReason.NotFound => new(StatusCodes.Status404NotFound, "Not found", refusal.Detail),
        RefusalReason.Invalid => new(StatusCodes.Status400BadRequest, "Invalid request", refusal.Detail),
        RefusalReason.PoolFull => new(StatusCodes.Status503ServiceUnavailable, "The address pool is full", refusal.Detail),
        RefusalReason.NotAllowed => new(StatusCodes.Status403Forbidden, "The token does not allow this", refusal.Detail),
        RefusalReason.Stale => new(StatusCodes.Status412PreconditionFailed, "The machine was changed meanwhile", refusal.Detail),
        RefusalReason.Disabled => new(StatusCodes.Status403Forbidden, "The machine is disabled", refusal.Detail),
        RefusalReason.Conflict => new(StatusCodes.Status409Conflict, "The change is not possible", refusal.Detail),
        _ => new(StatusCodes.Status409Conflict, "The machine's state does not allow it", refusal.Detail),
    };

    /// <summary>What is wrong, for this request.</summary>
    public string Detail => detail;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = RetryAfter;
        }

        httpContext.Response.ContentType = ApiProblem.MediaType;
        var problem = new ApiProblem { Type = "about:blank", Title = title, Status = status, Detail = detail };
        return JsonSerializer.SerializeAsync(httpContext.Response.Body, problem, ApiJsonContext.Default.ApiProblem, httpContext.RequestAborted);
    }
}
