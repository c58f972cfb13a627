using Mayu.Server.Access;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Mayu.Server.Reload;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary><c>POST /api/v1/reload</c>: the configuration file is read again, all of it or nothing.</summary>
internal sealed class ReloadEndpoint(ConfigurationReload reload)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/reload", Answer).For(Role.Operator)
        .WithName("reload").WithSummary("Reads the configuration file again, all of it or nothing.");

    private Results<Ok<Contracts.ReloadResult>, Problem> Answer(Caller caller) => caller.RefuseForAll() is { } refusal ? Problem.Of(refusal) : reload.Run() switch
    {
        { Problems: { IsEmpty: false } problems } =>
            new Problem(StatusCodes.Status409Conflict, "The configuration was not reloaded", $"The previous configuration stays in effect. {string.Join("; ", problems)}"),
        var outcome => TypedResults.Ok(new Contracts.ReloadResult { Changed = outcome.Changed, Warnings = outcome.Warnings }),
    };
}
