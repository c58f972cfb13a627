using Mayu.Server.Http;

namespace Mayu.Server.BootHttp;

/// <summary>The boot token of a request: the segment <c>{token}</c> of its path, else the header <c>Authorization: Bearer</c> (RFC 6750 §2.1).</summary>
/// <param name="Text">What was sent; null when nothing was.</param>
internal sealed record SentToken(string? Text)
{
    private const string Scheme = "Bearer ";

    public static ValueTask<SentToken?> BindAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return ValueTask.FromResult<SentToken?>(new(
            PathSegment.Read(context, "token") ?? (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null)));
    }

    /// <inheritdoc/>
    public override string ToString() => Text is null ? "no token" : "a token";
}
