using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Server.Http;

/// <summary>What every request of both listeners runs inside: failures that are nobody's bug get a clear answer.</summary>
internal static partial class RequestGuard
{
    public static async Task RunAsync(HttpContext context, RequestDelegate next, ILogger log)
    {
        if (log.IsEnabled(LogLevel.Debug))
        {
            LogAsked(log, context.Request.Method, TokenText.Hide(context.Request.Path.Value ?? ""));
        }

        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        // Most answers tell of a machine's state or hold its config; files say otherwise.
        headers.CacheControl = "no-store";
        try
        {
            DemandOneLength(context.Request);
            DemandRoom(context.Request);
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && ProblemOf(e) is { } problem)
        {
            if (e is StoreUnavailableException and not (NoSuchChangeException or QuestionTooWideException))
            {
                LogStoreUnavailable(log, TokenText.Hide(context.Request.Path.Value ?? ""), e.Message);
            }

            await problem.ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client hung up (power cut, reboot): there is nobody left to answer.
            context.Abort();
        }
    }

    /// <summary>What a failure is answered; null for a bug.</summary>
    public static Problem? ProblemOf(Exception failure) => failure switch
    {
        NoSuchChangeException => Problem.Of(new Refusal(RefusalReason.NotFound, failure.Message)),
        QuestionTooWideException => Problem.Invalid(failure.Message),
        StoreUnavailableException => new(StatusCodes.Status503ServiceUnavailable, "The store is not available", failure.Message),
        BadHttpRequestException bad => new(bad.StatusCode, "Bad request", failure.Message),
        _ => null,
    };

    // RFC 9112 §6.1: who sends both may mean to be read in two ways. Kestrel goes by the chunks and keeps the length under another name.
    private static void DemandOneLength(HttpRequest request)
    {
        if (request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey("X-Content-Length"))
        {
            throw new BadHttpRequestException("Transfer-Encoding and Content-Length exclude each other.", StatusCodes.Status400BadRequest);
        }
    }

    // Also where nobody reads it: what is announced would have to come before the next request.
    private static void DemandRoom(HttpRequest request)
    {
        if (request.ContentLength > HttpLimits.MaxBody)
        {
            throw new BadHttpRequestException($"The body has {request.ContentLength} bytes; at most {HttpLimits.MaxBody} are allowed.", StatusCodes.Status413PayloadTooLarge);
        }
    }

    // Without the query: it may hold what somebody took for the place of a token.
    [LoggerMessage(7, LogLevel.Debug, "{Method} {Path}")]
    private static partial void LogAsked(ILogger log, string method, string path);

    [LoggerMessage(4, LogLevel.Error, "{Path}: the store cannot write: {Reason}")]
    private static partial void LogStoreUnavailable(ILogger log, string path, string reason);
}
