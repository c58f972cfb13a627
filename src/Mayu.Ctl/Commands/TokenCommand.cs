using System.CommandLine;
using System.Globalization;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl token</c>: who may use the API, and for what.</summary>
internal sealed class TokenCommand(CtlSession session)
{
    private const int MaxDays = 3650;

    private static readonly string[] Roles = ["viewer", "operator", "admin"];

    private readonly Argument<string> _name = new("name") { Description = "The token's name: the author of its changes in the history" };

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl token create grafana --role viewer
            mayuctl token list
            mayuctl token revoke grafana
            """;
        var token = new TokenCommand(session);
        return new CtlCommand("token", "Create, list and revoke tokens of the API", Examples, "Give people and programs tokens of their own. Only admins can.") { token.New(), token.List(), token.Revoke() };
    }

    private CtlCommand New()
    {
        const string Examples = """
            mayuctl token create grafana --role viewer
            mayuctl token create alice --role operator --expires 90d
            mayuctl token create rack7 --role operator --scope rack=7
            mayuctl token create lab --role operator --scope 'state!=running,rack=7'
            """;
        const string Details = "Create a token, and print it. Mayu keeps only its hash: nobody can read it again. "
            + "A viewer sees everything but tokens and configs; an operator changes machines too, of --scope if that is given; an admin also creates tokens.";
        var role = new Option<string>("--role") { Description = "What it may do", HelpName = "ROLE", Required = true };
        role.AcceptOnlyFromAmong(Roles);
        var scope = new Option<string?>("--scope") { Description = "The machines that it may change: NAME=VALUE and NAME!=VALUE with commas between. NAME is profile, state, serial, enabled or a tag's; VALUE may be several with | between (not a tag's), and a serial may end with *", HelpName = "SELECTOR" };
        var expires = new Option<int?>("--expires")
        {
            Description = "After how many days it expires, such as 90d. Without it, it does not",
            HelpName = "DAYS",
            CustomParser = result =>
            {
                if (result.Tokens is [{ Value: [.. var number, 'd'] }] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and <= MaxDays)
                {
                    return days;
                }

                result.AddError($"--expires '{(result.Tokens is [{ Value: var text }] ? text : "")}' is not a number of days from 1d to {MaxDays}d.");
                return null;
            },
        };
        var command = new CtlCommand("create", "Create a token, and print it", Examples, Details) { _name, role, scope, expires };
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.Tokens.CreateAsync(
                new ApiTokenRequest
                {
                    Name = parsed.GetRequiredValue(_name),
                    Role = parsed.GetRequiredValue(role),
                    Scope = parsed.GetValue(scope),
                    Expires = parsed.GetValue(expires) is { } days ? session.Console.Time.GetUtcNow().AddDays(days) : null,
                },
                cancellation),
            made => session.Show(parsed, made, ApiJsonContext.Default.ApiToken, () =>
            {
                session.Console.WriteError($"Token {made.Name}, role {made.Role}. It is printed this one time:");
                session.WriteLine(made.Token!);
            }),
            cancellation));
        return command;
    }

    private CtlCommand List()
    {
        const string Examples = """
            mayuctl token list
            mayuctl token list -o json
            """;
        var command = new CtlCommand("list", "List the tokens, without their texts", Examples, "List the tokens. The server's own, operator, is not among them: it is in the file keys/operator-token.");
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.Tokens.ListAsync(cancellation),
            tokens => session.Show(parsed, tokens, ApiJsonContext.Default.ApiToken, () => Print(tokens)),
            cancellation));
        return command;
    }

    private CtlCommand Revoke()
    {
        var command = new CtlCommand("revoke", "Revoke a token", "mayuctl token revoke grafana", "Revoke a token: the server takes it no more.") { _name };
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.Tokens.RevokeAsync(parsed.GetRequiredValue(_name), cancellation),
            token => session.Show(parsed, token, ApiJsonContext.Default.ApiToken, () => session.WriteLine($"{token.Name} is revoked")),
            cancellation));
        return command;
    }

    private void Print(IReadOnlyList<ApiToken> tokens)
    {
        if (tokens.Count == 0)
        {
            session.Console.WriteError("There is no token but the server's own.");
            return;
        }

        TablePrinter.Print(
            session.Console,
            ["name", "role", "scope", "expires", "last used"],
            [.. tokens.Select(token => new Cell[] { new(token.Name), new(token.Role), new(token.Scope ?? "all"), new(TextOf(token.Expires) ?? "never"), new(TextOf(token.LastUsed)) })]);
    }

    private static string? TextOf(DateTimeOffset? time) => time is { } at ? TimeText.Exact(at) : null;
}
