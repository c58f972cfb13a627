using System.Globalization;
using System.Text.Json;
using Mayu.Server.EtcdDiscovery;

namespace Mayu.Server.BootHttp;

/// <summary>An answer of etcd's v2 keys API, as its client reads it.</summary>
/// <param name="status">The status.</param>
/// <param name="index">The number of the token's last change.</param>
/// <param name="body">The answer; null where <paramref name="error"/> is one.</param>
/// <param name="error">The error.</param>
internal sealed class KeysResult(int status, long index, KeysAnswer? body, KeysError? error = null) : IResult
{
    private const string IndexHeader = "X-Etcd-Index";
    private const string MediaType = "application/json";

    /// <summary>A refusal.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="cause">What it is about.</param>
    /// <param name="index">The number of the token's last change; 0: there is none.</param>
    public static KeysResult Of(DiscoveryFault fault, string cause, long index)
    {
        var (status, message) = fault switch
        {
            DiscoveryFault.KeyNotFound => (StatusCodes.Status404NotFound, "Key not found"),
            DiscoveryFault.NotAFile => (StatusCodes.Status403Forbidden, "Not a file"),
            DiscoveryFault.NodeExists => (StatusCodes.Status412PreconditionFailed, "Key already exists"),
            DiscoveryFault.ReadOnly => (StatusCodes.Status403Forbidden, "Read only: Mayu gives this token to machines, or members have registered"),
            DiscoveryFault.NotEmpty => (StatusCodes.Status403Forbidden, "Directory not empty"),
            DiscoveryFault.Full => (StatusCodes.Status403Forbidden, "No further members can register"),
            DiscoveryFault.IndexCleared => (StatusCodes.Status400BadRequest, "The event in requested index is outdated and cleared"),
            DiscoveryFault.InvalidField => (StatusCodes.Status400BadRequest, "Invalid field"),
            _ => (StatusCodes.Status503ServiceUnavailable, "Try again later"),
        };
        return new(status, index, body: null, new KeysError((int)fault, message, cause, index));
    }

    /// <summary>Sends the head of an answer whose body comes later, or not at all: etcd's client asks again then.</summary>
    public static Task BeginAsync(HttpContext context, long index)
    {
        SetHead(context.Response, StatusCodes.Status200OK, index);
        return context.Response.Body.FlushAsync(context.RequestAborted);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (!response.HasStarted)
        {
            SetHead(response, status, index);
            response.Headers.RetryAfter = status == StatusCodes.Status503ServiceUnavailable ? "10" : default;
        }

        return body is not null
            ? JsonSerializer.SerializeAsync(response.Body, body, KeysJson.Default.KeysAnswer, httpContext.RequestAborted)
            : JsonSerializer.SerializeAsync(response.Body, error!, KeysJson.Default.KeysError, httpContext.RequestAborted);
    }

    private static void SetHead(HttpResponse response, int status, long index)
    {
        (response.StatusCode, response.ContentType) = (status, MediaType);
        response.Headers[IndexHeader] = index.ToString(CultureInfo.InvariantCulture);
    }
}
