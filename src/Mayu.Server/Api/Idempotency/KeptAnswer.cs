namespace Mayu.Server.Api.Idempotency;

/// <summary>An answer that is given again.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Headers">Those of its headers that are about what it answers.</param>
/// <param name="Body">Its body.</param>
internal sealed record KeptAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body)
{
    private static readonly string[] Told = ["Content-Type", "ETag", "Location"];

    /// <summary>How much it holds, in bytes, about.</summary>
    public int Length => Body.Length + Headers.Sum(header => header.Key.Length + header.Value.Length);

    /// <summary>What a handler answered.</summary>
    /// <param name="response">The response.</param>
    /// <param name="body">What it wrote.</param>
    public static KeptAnswer Of(HttpResponse response, ReadOnlyMemory<byte> body) => new(
        response.StatusCode, [.. Told.Where(response.Headers.ContainsKey).Select(name => KeyValuePair.Create(name, response.Headers[name].ToString()))], body);

    /// <summary>Gives it.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        foreach (var (name, value) in Headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.ContentLength = Body.Length;
        return context.Response.Body.WriteAsync(Body, context.RequestAborted).AsTask();
    }
}
