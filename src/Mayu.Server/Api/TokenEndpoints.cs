using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Mayu.Server.Access;
using Mayu.Server.Api.Idempotency;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>The tokens of the API: an admin creates, lists and revokes them.</summary>
internal sealed partial class TokenEndpoints(ApiTokens tokens, ILogger log)
{
    // Whoever lost the answer asks again at once.
    private static readonly TimeSpan RepeatedFor = TimeSpan.FromMinutes(10);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/tokens", () => TypedResults.Ok(new Contracts.ItemList<Contracts.ApiToken> { Items = [.. tokens.All.Select(one => ViewOf(one.Token, one.LastUsed))] })).For(Role.Admin)
            .WithName("listTokens").WithSummary("The tokens of the API by name, without their texts.");
        routes.MapPost("/api/v1/tokens", Create).For(Role.Admin).WithName("createToken").WithSummary("Creates a token. Its text is in this answer only.")
            .WithMetadata(new SecretAnswer(RepeatedFor));
        routes.MapDelete("/api/v1/tokens/{name}", Revoke).For(Role.Admin).WithName("revokeToken").WithSummary("Revokes a token.");
    }

    private Results<Created<Contracts.ApiToken>, Problem> Create(JsonBody<Contracts.ApiTokenRequest> body, Caller caller)
    {
        var request = body.Value;
        var wrong = new List<Refusal>();
        if (!ApiToken.IsName(request.Name))
        {
            wrong.Add(Wrong("name", $"name must be 1 to {ApiToken.MaxName} letters, digits and -_.@, begin with a letter or a digit, and not be \"{ApiKeys.OperatorName}\", which the server's own token is called."));
        }

        if (!TryParseRole(request.Role, out var role))
        {
            wrong.Add(Wrong("role", "role must be one of: viewer, operator, admin."));
        }

        if (!Selector.TryParse(request.Scope ?? "", out var scope, out var problem))
        {
            wrong.Add(Wrong("scope", $"scope is not a selector: {problem}"));
        }
        else if (role == Role.Admin && !scope.IsEverything)
        {
            wrong.Add(Wrong("scope", "An admin can create any token, so a scope would hold nothing back: choose the role operator, or leave scope out."));
        }

        if (tokens.WhyNot(request.Expires) is { } past)
        {
            wrong.Add(past);
        }

        if (wrong.Count > 0 || scope is null)
        {
            return Problem.Of(Refusal.Together(wrong));
        }

        if (tokens.Create(request.Name, role, scope, request.Expires, out var refusal) is not { } created)
        {
            return Problem.Of(refusal!);
        }

        LogCreated(log, caller.Name, request.Name, request.Role, scope.IsEverything ? "all machines" : scope.ToString());
        return TypedResults.Created($"/api/v1/tokens/{request.Name}", ViewOf(created.Token, lastUsed: null) with { Token = created.Text });
    }

    private Results<Ok<Contracts.ApiToken>, Problem> Revoke(NameSegment asked, Caller caller)
    {
        if (tokens.Revoke(asked.Value) is not { } token)
        {
            return Problem.Of(new Refusal(RefusalReason.NotFound, $"There is no token {asked.Value}. `mayuctl token list` shows all."));
        }

        LogRevoked(log, caller.Name, token.Name);
        return TypedResults.Ok(ViewOf(token, lastUsed: null));
    }

    private static Refusal Wrong(string field, string detail) => new Refusal(RefusalReason.Invalid, detail).Of(field);

    private static bool TryParseRole(string text, out Role role)
    {
        Role? found = text switch
        {
            "viewer" => Role.Viewer,
            "operator" => Role.Operator,
            "admin" => Role.Admin,
            _ => null,
        };
        role = found.GetValueOrDefault();
        return found is not null;
    }

    private static Contracts.ApiToken ViewOf(ApiToken token, DateTimeOffset? lastUsed) => new()
    {
        Name = token.Name,
        Role = RoleNames.Of(token.Role),
        Scope = token.Scope,
        Created = token.Created,
        Expires = token.Expires,
        LastUsed = lastUsed,
    };

    [LoggerMessage(21, LogLevel.Information, "{Who} created the token {Name}, role {Role}, for {Scope}")]
    private static partial void LogCreated(ILogger log, string who, string name, string role, string scope);

    [LoggerMessage(22, LogLevel.Information, "{Who} revoked the token {Name}")]
    private static partial void LogRevoked(ILogger log, string who, string name);
}
