using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mayu.Client.Contracts;

namespace Mayu.Client;

/// <summary>What an answer other than 2xx means.</summary>
internal static class ServerAnswers
{
    /// <summary>The most bytes of an answer that refuses.</summary>
    public const int LongestProblem = 1 << 20;

    private const int LongestRefusal = 64 * 1024;

    /// <summary>The failure that a status and a body tell.</summary>
    /// <param name="status">HTTP status, 300 to 599.</param>
    /// <param name="body">The body: <c>problem+json</c> from Mayu, anything from anybody else.</param>
    public static ApiFailure Describe(int status, byte[] body)
    {
        var problem = ReadProblem(body);
        var kind = status switch
        {
            // Too many wrong tokens of this host: the API answers 429 for nothing else.
            401 or 429 => ApiFailureKind.Unauthorized,
            // Mayu explains each of its refusals; a bare 404 is some other server, or a newer API.
            404 when problem is null => ApiFailureKind.NotMayu,
            403 => ApiFailureKind.Forbidden,
            404 => ApiFailureKind.NotFound,
            409 or 412 => ApiFailureKind.Conflict,
            >= 500 => ApiFailureKind.ServerFailed,
            >= 400 => ApiFailureKind.Refused,
            _ => ApiFailureKind.NotMayu,
        };
        return new ApiFailure(kind, problem?.Title ?? DefaultTitle(kind, status), problem?.Detail, Advice(kind), status) { Errors = problem?.Errors ?? [] };
    }

    /// <summary>The body of a refusal whose headers came first: as much of it as is read.</summary>
    public static async Task<byte[]> ReadRefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var bytes = new byte[LongestRefusal];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return bytes[..length];
    }

    /// <summary>Something answered, but not as Mayu does.</summary>
    public static ApiFailure NotMayu(string detail, Exception? cause) =>
        new(ApiFailureKind.NotMayu, "this is not the API of a Mayu server", detail, Advice(ApiFailureKind.NotMayu)) { Cause = cause };

    private static string DefaultTitle(ApiFailureKind kind, int status) => kind switch
    {
        ApiFailureKind.Unauthorized => "the server does not accept this token",
        ApiFailureKind.NotMayu => $"this is not the API of a Mayu server (HTTP {status})",
        ApiFailureKind.ServerFailed => $"the server failed (HTTP {status})",
        _ => $"the server refused (HTTP {status})",
    };

    private static string? Advice(ApiFailureKind kind) => kind switch
    {
        ApiFailureKind.Unauthorized => "compare the token with the file keys/operator-token in the server's data folder; why it was refused, or a client certificate, stands in the server's log",
        ApiFailureKind.NotMayu => "check the server's URL: by default the API is on port 4080 (4081 is the boot port for machines)",
        ApiFailureKind.ServerFailed => "the server's log has the details",
        _ => null,
    };

    private static ApiProblem? ReadProblem(byte[] body)
    {
        try
        {
            var problem = AnswerJson.Read(body, ApiJsonContext.Default.ApiProblem, LongestProblem);
            return problem is { Title: not null } or { Detail: not null } ? problem : null;
        }
        catch (JsonException)
        {
            // No problem+json: the status alone has to say it.
            return null;
        }
    }

    /// <summary>Reads the body of an answer.</summary>
    public static ApiResult<T> Read<T>(byte[] bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return AnswerJson.Read(bytes, type, MayuClient.MaxAnswerLength) is { } value
                ? ApiResult<T>.Of(value)
                : ApiResult<T>.Of(NotMayu("the answer is null", null));
        }
        catch (JsonException malformed)
        {
            return ApiResult<T>.Of(NotMayu("the answer is not the expected JSON", malformed));
        }
    }
}
