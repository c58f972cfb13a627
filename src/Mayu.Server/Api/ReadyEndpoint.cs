using Mayu.Server.Api.Status;
using Mayu.Server.Auth;
using Mayu.Server.Http;

namespace Mayu.Server.Api;

/// <summary>
/// <c>GET /readyz</c>: ready with remarks. What is wrong with one machine, one profile or one pool does not stop the others, and
/// an operator must hear of it. A store that cannot write is not ready, nor is an engine that does not answer.
/// </summary>
internal sealed class ReadyEndpoint(ClusterRemarks remarks)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/readyz", Answer).ForAll()
        .WithName("getReadiness").WithSummary("Whether the server is ready (200) or not (503), and what an operator should look at, one remark per line.")
        .WithMetadata(ProducedText.Plain(StatusCodes.Status200OK), ProducedText.Plain(StatusCodes.Status503ServiceUnavailable));

    private TextAnswer Answer()
    {
        var trouble = remarks.Trouble;
        var lines = remarks.All.Prepend(trouble is null ? "ready" : $"not ready: {trouble}");
        return new TextAnswer(string.Concat(lines.Select(line => line + "\n")), ProducedText.PlainType, status: trouble is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
