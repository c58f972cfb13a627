using Mayu.Core.Machines;
using Mayu.Server.BootHttp;

namespace Mayu.Server;

/// <summary>What every request of both listeners runs inside: failures that are nobody's bug get a clear answer.</summary>
internal static class RequestGuard
{
    public static async Task RunAsync(HttpContext context, RequestDelegate next, ILogger log)
    {
        log.Asked(context.Request.Method, context.Request.Path);
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        // Most answers tell of a machine's state or hold its config; files say otherwise.
        headers.CacheControl = "no-store";
        try
        {
            DemandOneLength(context.Request);
            await next(context);
        }
        catch (NoSuchChangeException e) when (!context.Response.HasStarted)
        {
            await Problems.WriteAsync(context, new Refusal(RefusalReason.NotFound, e.Message));
        }
        catch (QuestionTooWideException e) when (!context.Response.HasStarted)
        {
            await Problems.WriteAsync(context, new Refusal(RefusalReason.Invalid, e.Message));
        }
        catch (StoreUnavailableException e) when (!context.Response.HasStarted)
        {
            log.StoreUnavailable(context.Request.Path, e.Message);
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "The store is not available", e.Message);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await Problems.WriteAsync(context, e.StatusCode, "Bad request", e.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client hung up (power cut, reboot): there is nobody left to answer.
            context.Abort();
        }
    }

    // RFC 9112 §6.1: who sends both may mean to be read in two ways. Kestrel goes by the chunks and keeps the length under another name.
    private static void DemandOneLength(HttpRequest request)
    {
        if (request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey("X-Content-Length"))
        {
            throw new BadHttpRequestException("Transfer-Encoding and Content-Length exclude each other.", StatusCodes.Status400BadRequest);
        }
    }
}
