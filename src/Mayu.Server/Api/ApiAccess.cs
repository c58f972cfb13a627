using System.Net;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Server.Access;
using Mayu.Server.Auth;
using Mayu.Server.Http;

namespace Mayu.Server.Api;

/// <summary>
/// Lets requests in: by the role that the route demands, and by nothing else. A route that demands none is closed. Who is refused, is logged and counted.
/// </summary>
internal sealed partial class ApiAccess(ApiKeys keys, Callers callers, Func<AccessSettings> settings, TimeProvider clock, ILogger log)
{
    /// <summary>How many wrong tokens of one address are answered at once; those beyond it are answered 429, and what they carry is not looked at.</summary>
    public const int FailureBurst = 20;

    /// <summary>How long until one more is.</summary>
    public static readonly TimeSpan FailureInterval = TimeSpan.FromSeconds(3);

    private readonly Pace<IPAddress> _failures = new(clock, FailureBurst, FailureInterval);
    private long _refusals;

    /// <summary>How many requests were refused.</summary>
    public long Refusals => Interlocked.Read(ref _refusals);

    /// <summary>Lets a request in, or answers it.</summary>
    // A connection that has no token is worth no more while it is answered: what it may ask for takes no time.
    public async Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        var connection = ClientConnection.Of(context);
        connection.Asked();
        var (sent, endpoint) = (OperatorToken.In(context.Request.Headers.Authorization), context.GetEndpoint());
        var role = endpoint?.Metadata.GetMetadata<RouteRole>();
        var isOpen = role is { Least: null };
        // What everybody may ask for waits for no OpenID provider.
        var (caller, why) = isOpen && sent is not null && OidcTokens.IsShapedSo(sent) ? (null, null) : await callers.FindAsync(context, sent);
        if (isOpen)
        {
            await (caller is null ? next(context) : connection.AnswerAsync(() => next(context), isOperator: true));
            return;
        }

        var isKnown = caller is not null;
        if (sent is null && role is { TakesLegacyClients: true })
        {
            caller ??= LegacyCaller(context);
        }

        if (caller is null)
        {
            await RefuseUnknown(context, sent, sent is null && role is { TakesLegacyClients: true }, why).ExecuteAsync(context);
        }
        else if (Refuse(context, caller, endpoint is RouteEndpoint, role) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
        }
        else
        {
            context.Features.Set(caller);
            await connection.AnswerAsync(() => next(context), isOperator: isKnown);
        }
    }

    /// <summary>Whether a request that goes on would be let in again: its token may have been revoked meanwhile.</summary>
    public async ValueTask<bool> IsAdmittedAsync(HttpContext context) => (await callers.FindAsync(context, OperatorToken.In(context.Request.Headers.Authorization))).Caller is not null;

    private Caller? LegacyCaller(HttpContext context) => HttpPeer.AddressOf(context.Connection.RemoteIpAddress) is { } client && settings().LegacyClients.Allows(client)
        ? Caller.OfLegacyClient(client)
        : null;

    private Problem RefuseUnknown(HttpContext context, string? sent, bool isLegacy, string? why)
    {
        Interlocked.Increment(ref _refusals);
        var client = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!_failures.TryTake(client))
        {
            return new Problem(StatusCodes.Status429TooManyRequests, "Too many requests without a valid token", "Requests with a valid token are answered. Try again later.") { RetryAfter = (int)FailureInterval.TotalSeconds };
        }

        LogRefused(log, context.Request.Method, TokenText.Hide(context.Request.Path.Value ?? ""), client, isLegacy ? "auth.legacy_clients does not have this address" : why);
        if (isLegacy)
        {
            return new Problem(StatusCodes.Status403Forbidden, "Clients of the first Mayu are not answered here",
                $"The address {client} may not use this request without a token. Use this version's mayuctl, or send a token as \"Authorization: Bearer …\"; or have the server's "
                + "configuration name the client's network in auth.legacy_clients (docs/coming-from-mayu-1.md).");
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return sent is null && callers.Certificates.IsShown(context)
            ? new Problem(StatusCodes.Status401Unauthorized, "The client certificate is not accepted",
                "The server's configuration names those who are let in by certificate in auth.client_certificates. Why this request was refused stands in the server's log.")
            : new Problem(StatusCodes.Status401Unauthorized, "The token is missing or wrong",
                "Send it as \"Authorization: Bearer …\". The server prints the path of its token file when it starts; an admin creates others: mayuctl token create NAME --role viewer. "
                + "Why this request was refused stands in the server's log.");
    }

    private Problem? Refuse(HttpContext context, Caller caller, bool isRoute, RouteRole? role)
    {
        var problem = OriginProblem(context.Request) ?? HostProblem(context.Request)
            // What is no route is answered as such.
            ?? (isRoute && (role is null || caller.Role < role.Least)
                ? new Problem(StatusCodes.Status403Forbidden, "Not allowed",
                    $"The {caller.Title} has the role {RoleNames.Of(caller.Role)}; this request needs {(role?.Least is { } least ? RoleNames.Of(least) : "a role that nobody has")}.")
                : null);
        if (problem is not null)
        {
            Interlocked.Increment(ref _refusals);
            LogRefused(log, context.Request.Method, TokenText.Hide(context.Request.Path.Value ?? ""), context.Connection.RemoteIpAddress, $"the {caller.Title}: {problem.Detail}");
        }

        return problem;
    }

    // A page of another site has no token; where a browser was given one all the same, it is not that page's to use (RFC 6454).
    private static Problem? OriginProblem(HttpRequest request) =>
        request.Headers.Origin is { Count: > 0 } origin && origin != $"{request.Scheme}://{HostOf(request).Value}"
            ? new Problem(StatusCodes.Status403Forbidden, "Not from another site", "The request comes from a page of another site (Origin); the API answers its own pages alone.")
            : null;

    // A name that is led here by somebody else's DNS is none of this server's (RFC 9110 §7.4). An address cannot be led.
    private Problem? HostProblem(HttpRequest request) =>
        HostOf(request).Host is var host && (IPAddress.TryParse(host.Trim('[', ']'), out _) || host is "localhost"
            || keys.Certificate.IsFor(host))
            ? null
            : new Problem(StatusCodes.Status421MisdirectedRequest, "Not this server", "The API's certificate is not for the host name of this request. Use an address of the server, or a name in its certificate.");

    // As it was sent: the framework reads it as IDNA, and fails at a name that is none.
    private static HostString HostOf(HttpRequest request) => new(request.Headers.Host.ToString());

    [LoggerMessage(20, LogLevel.Warning, "{Method} {Path} of {Client} was refused: {Why}")]
    private static partial void LogRefused(ILogger log, string method, string path, IPAddress? client, string? why);
}
