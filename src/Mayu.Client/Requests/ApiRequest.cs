using System.Net.Http.Headers;

namespace Mayu.Client.Requests;

/// <summary>A request, from which each try of it is made.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below the server's URL, with the query.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path)
{
    /// <summary>The body, JSON; null: none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The record that is to be changed, and no other (RFC 9110 §13.1.1): its ETag; null: whichever is there.</summary>
    public string? IfMatch { get; init; }

    /// <summary>How long it may take at least, whatever the options say.</summary>
    public TimeSpan AtLeast { get; init; }

    /// <summary>By what the server knows a change again that is sent once more, so that nothing is done twice (ADR 50): the same for each try. Null for what only reads.</summary>
    public string? Key { get; init; } = Reads(Method) ? null : Guid.NewGuid().ToString();

    /// <summary>Whether to send it twice does no more than to send it once: it only reads, or has a key.</summary>
    public bool IsRepeatable => Reads(Method) || Key is not null;

    /// <summary>A try of it.</summary>
    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, Path);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        if (Key is not null)
        {
            message.Headers.Add("Idempotency-Key", $"\"{Key}\"");
        }

        if (IfMatch is not null)
        {
            message.Headers.TryAddWithoutValidation("If-Match", IfMatch);
        }

        return message;
    }

    private static bool Reads(HttpMethod method) => method == HttpMethod.Get || method == HttpMethod.Head;
}
