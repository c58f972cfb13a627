namespace Mayu.Client;

/// <summary>Where the bearer token comes from.</summary>
internal static class OperatorToken
{
    private const int MaxLength = 16 << 10;

    /// <summary>The token that was given, or the one in the file.</summary>
    public static async Task<ApiResult<string>> ReadAsync(MayuClientOptions options, CancellationToken cancellation)
    {
        if (options.Token is { } given)
        {
            return Check(given.Trim(), "the token in MAYU_TOKEN");
        }

        try
        {
            var buffer = new char[MaxLength + 1];
            using var file = new StreamReader(options.TokenFile);
            var length = await file.ReadBlockAsync(buffer, cancellation);
            return Check(new string(buffer, 0, length).Trim(), $"the token in {options.TokenFile}");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return ApiResult<string>.Of(new ApiFailure(
                ApiFailureKind.Settings,
                "the operator's token cannot be read",
                Directory.Exists(options.TokenFile) ? $"{options.TokenFile} is a folder; name the file in it" : failed.Message,
                "run this as root or as the service's user on the server, or copy the server's keys/operator-token to this host and pass it with --token-file (or MAYU_TOKEN_FILE, or MAYU_TOKEN)")
            { Cause = failed });
        }
    }

    /// <summary>RFC 6750, 2.1: letters, digits and <c>-._~+/=</c>. Anything else could not be sent in a header.</summary>
    private static ApiResult<string> Check(string token, string what)
    {
        var isToken = token.Length is > 0 and <= MaxLength && token.All(c => char.IsAsciiLetterOrDigit(c) || "-._~+/=".Contains(c));
        return isToken
            ? ApiResult<string>.Of(token)
            : ApiResult<string>.Of(new ApiFailure(
                ApiFailureKind.Settings,
                $"{what} is not valid",
                token.Length == 0 ? "it is empty" : "it contains characters that a token cannot have",
                "copy the server's keys/operator-token unchanged"));
    }
}
