using System.Security.Cryptography;
using System.Text;
using Mayu.Server.Auth;
using Mayu.Server.Http;

namespace Mayu.Server.Api.Idempotency;

/// <summary>
/// The header <c>Idempotency-Key</c> of requests that change something: who repeats a request with its key gets the first answer again, and nothing is done twice
/// (draft-ietf-httpapi-idempotency-key-header). An answer that refuses is not kept: the same request may be tried again.
/// </summary>
internal sealed class IdempotentRequests : IDisposable
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The most characters of a key.</summary>
    public const int MaxKey = 255;

    // Seconds until a request that runs should be asked about again.
    private const int Patience = 1;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly IdempotencyKeys _keys;
    private readonly ITimer _sweeps;

    /// <summary>Begins to forget what is too old.</summary>
    /// <param name="clock">The clock.</param>
    public IdempotentRequests(TimeProvider clock)
    {
        _keys = new IdempotencyKeys(clock);
        _sweeps = clock.CreateTimer(_ => _keys.Sweep(), state: null, SweepInterval, SweepInterval);
    }

    /// <summary>Answers a request that was let in.</summary>
    public async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.Headers[Header] is not { Count: > 0 } sent || CallerOf(context) is not { } caller || !IsChange(request.Method) || context.GetEndpoint() is not RouteEndpoint)
        {
            await next(context);
            return;
        }

        if (KeyOf(sent) is not { } key)
        {
            await Problem.Invalid($"{Header} must be one text in quotes, of 1 to {MaxKey} printable ASCII characters.").ExecuteAsync(context);
            return;
        }

        using var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (IOException e) when (e is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            await new Problem(StatusCodes.Status400BadRequest, "The body cannot be read", e.Message).ExecuteAsync(context);
            return;
        }

        request.Body = new MemoryStream(body.ToArray(), writable: false);
        var (state, answer) = _keys.Begin(caller, key, RequestOf(request, body));
        await (state switch
        {
            IdempotencyState.Begun => RunAsync(context, next, caller, key),
            IdempotencyState.Answered when answer is not null => answer.WriteAsync(context),
            _ => Refused(state).ExecuteAsync(context),
        });
    }

    /// <summary>Whether a method changes something.</summary>
    public static bool IsChange(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method);

    /// <summary>Ends it.</summary>
    public void Dispose() => _sweeps.Dispose();

    private static Problem Refused(IdempotencyState state) => state switch
    {
        IdempotencyState.Answered => new(
            StatusCodes.Status409Conflict, "The request was answered already", "What it asks for was done. Its answer was too long to be kept, so it cannot be given again: look at what it changed."),
        IdempotencyState.Running => new(
            StatusCodes.Status409Conflict, "The request is being answered", $"The first request with this {Header} runs. Repeat it later for its answer.")
        { RetryAfter = Patience },
        IdempotencyState.OfAnother => new(
            StatusCodes.Status422UnprocessableEntity, "The key was used already", $"Another request was sent with this {Header}: choose a new one for each other request."),
        _ => new(
            StatusCodes.Status503ServiceUnavailable, "Too many requests run", $"So many requests with an {Header} run that no further one can be kept. Nothing was changed."),
    };

    // Not the name: a token that is created anew under the name of a revoked one is another caller.
    private static string? CallerOf(HttpContext context) => OperatorToken.In(context.Request.Headers.Authorization) is { } token ? ApiToken.HashOf(token)
        : context.Features.Get<Caller>() is not null && context.Connection.ClientCertificate is { } certificate ? "certificate " + certificate.GetCertHashString(HashAlgorithmName.SHA256)
        : null;

    // A string of a structured field (RFC 8941 §3.3.3), as the draft has it; many clients leave the quotes out.
    private static string? KeyOf(Microsoft.Extensions.Primitives.StringValues sent)
    {
        var text = sent.Count == 1 ? sent.ToString().Trim(' ') : "";
        var key = text is ['"', .. var inner, '"'] ? inner : text;
        return key.Length is > 0 and <= MaxKey && key.All(c => c is >= ' ' and <= '~' and not '"' and not '\\') ? key : null;
    }

    private static string RequestOf(HttpRequest request, MemoryStream body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{PathSegment.RawPath(request.HttpContext)}\n{request.QueryString.Value}\n{request.Headers.IfMatch}\n"));
        hash.AppendData(body.GetBuffer(), 0, (int)body.Length);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task RunAsync(HttpContext context, RequestDelegate next, string caller, string key)
    {
        var (wire, gone) = (context.Response.Body, context.RequestAborted);
        using var written = new MemoryStream();
        KeptAnswer? answer = null;
        try
        {
            // What was begun is ended, also if whoever asked has lost the connection: the answer is for when it asks again.
            context.RequestAborted = CancellationToken.None;
            context.Response.Body = written;
            await next(context);
            await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
            answer = KeptAnswer.Of(context.Response, written.ToArray());
        }
        finally
        {
            (context.Response.Body, context.RequestAborted) = (wire, gone);
            var lifetime = context.GetEndpoint()?.Metadata.GetMetadata<SecretAnswer>()?.Lifetime ?? Lifetime;
            _keys.End(caller, key, answer is { Status: >= 200 and < 300 } ? answer : null, lifetime);
        }

        await answer.WriteAsync(context);
    }
}
