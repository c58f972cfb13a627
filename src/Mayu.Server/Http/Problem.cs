using System.Globalization;
using System.Text.Json;
using Mayu.Client.Contracts;
using Mayu.Core.Machines;

namespace Mayu.Server.Http;

/// <summary>An error as both listeners answer it: RFC 9457 problem details.</summary>
internal sealed class Problem(int status, string title, string detail) : IResult
{
    // In seconds. Machines wait for a person, or for a disk: ten thousand of them should not ask each second.
    private const int Patience = 10;

    /// <summary>The fields of the body that it is about; empty: it is about none of them.</summary>
    public IReadOnlyList<FieldFault> Faults { get; init; } = [];

    /// <summary>When to try again, in seconds; null: as the status says.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>What was said makes no sense.</summary>
    public static Problem Invalid(string detail) => Of(new Refusal(RefusalReason.Invalid, detail));

    /// <summary>What a field of the body says makes no sense.</summary>
    /// <param name="field">The field, as <see cref="FieldFault.Field"/>.</param>
    /// <param name="detail">A sentence.</param>
    public static Problem Invalid(string field, string detail) => Of(new Refusal(RefusalReason.Invalid, detail).Of(field));

    /// <summary>A refusal. A full pool may have room later, so it is a 503 that clients try again.</summary>
    public static Problem Of(Refusal refusal)
    {
        var (status, title) = KindOf(refusal.Reason);
        return new(status, title, refusal.Detail) { Faults = refusal.Faults };
    }

    /// <summary>What is wrong, for this request.</summary>
    public string Detail => detail;

    private static (int Status, string Title) KindOf(RefusalReason reason) => reason switch
    {
        RefusalReason.NotFound => (StatusCodes.Status404NotFound, "Not found"),
        RefusalReason.Invalid => (StatusCodes.Status400BadRequest, "Invalid request"),
        RefusalReason.PoolFull => (StatusCodes.Status503ServiceUnavailable, "The address pool is full"),
        RefusalReason.NotAllowed => (StatusCodes.Status403Forbidden, "Not allowed"),
        RefusalReason.Stale => (StatusCodes.Status412PreconditionFailed, "The machine was changed meanwhile"),
        RefusalReason.Disabled => (StatusCodes.Status403Forbidden, "The machine is disabled"),
        RefusalReason.Conflict => (StatusCodes.Status409Conflict, "The change is not possible"),
        _ => (StatusCodes.Status409Conflict, "The machine's state does not allow it"),
    };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        if ((RetryAfter ?? (status == StatusCodes.Status503ServiceUnavailable ? Patience : null)) is { } seconds)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        httpContext.Response.ContentType = ApiProblem.MediaType;
        var problem = new ApiProblem { Type = "about:blank", Title = title, Status = status, Detail = detail, Errors = Faults.Count == 0 ? null : [.. Faults.Select(ErrorOf)] };
        return JsonSerializer.SerializeAsync(httpContext.Response.Body, problem, ApiJsonContext.Default.ApiProblem, httpContext.RequestAborted);
    }

    // As the fragment of a URI (RFC 6901 §6), which RFC 9457 §3 shows.
    private static FieldError ErrorOf(FieldFault fault) => new() { Pointer = fault.Field == FieldFault.Whole ? "#" : $"#/{fault.Field}", Detail = fault.Detail };
}
