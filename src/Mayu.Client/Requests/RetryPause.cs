using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Mayu.Client.Requests;

/// <summary>How long it is waited before a request is sent again.</summary>
/// <param name="first">The first pause, give or take a half; each further one is three times as long.</param>
internal sealed class RetryPause(TimeSpan first)
{
    private const int Factor = 3;

    // So that a thousand clients that lost one server do not come back at one moment.
    private const int LeastPercent = 50;
    private const int MostPercent = 150;

    // What a server asks for beyond this is not worth waiting for.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>The pause before a try.</summary>
    /// <param name="tried">How often it was sent already, 1 or more.</param>
    /// <param name="asked">How long the server asks to wait; null: it does not say.</param>
    public TimeSpan After(int tried, TimeSpan? asked)
    {
        var pause = first;
        for (var i = 1; i < tried && pause < Longest; i++)
        {
            pause *= Factor;
        }

        pause *= RandomNumberGenerator.GetInt32(LeastPercent, MostPercent) / 100.0;
        pause = asked > pause ? asked.Value : pause;
        return pause < Longest ? pause : Longest;
    }

    /// <summary>Whether the server may answer otherwise in a moment: too many requests, none of the servers behind a proxy at present, or an earlier try that still runs.</summary>
    public static bool IsPassing(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => true,
        // A conflict with a record stays one, and names no time.
        HttpStatusCode.Conflict => response.Headers.RetryAfter is not null,
        _ => false,
    };

    /// <summary>What Retry-After says (RFC 9110 §10.2.3); null where it says nothing.</summary>
    /// <param name="headers">The headers of the answer.</param>
    /// <param name="now">The time: it may name a moment.</param>
    public static TimeSpan? Asked(HttpResponseHeaders headers, DateTimeOffset now) =>
        headers.RetryAfter is { } after ? after.Delta ?? (after.Date is { } date && date > now ? date - now : null) : null;
}
