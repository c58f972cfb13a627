using System.CommandLine;
using Mayu.Client;
using Mayu.Ctl.Contexts;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.CommandLine;

/// <summary>The options that every command takes. Each says where else its value may come from: flag, then environment, then the current context, then default.</summary>
internal sealed class GlobalOptions
{
    private const int MaxTimeoutSeconds = 3600;

    private const string Prefix = "MAYU_";

    private static readonly string[] Variables = ["SERVER", "CA", "TOKEN", "TOKEN_FILE", "CLIENT_CERT", "CONTEXT"];

    private static readonly MayuClientOptions Defaults = new();

    private readonly Option<string?> _server = new("--server")
    {
        Description = $"URL of the server's API; also MAYU_SERVER [default: {ServerUrlFile.Name} next to the CA, or {Defaults.Server}]",
        HelpName = "URL",
        Recursive = true,
    };

    private readonly Option<string?> _ca = new("--ca")
    {
        Description = $"The server's CA certificate, or 'system' for this system's CAs; also MAYU_CA [default: {Defaults.CaFile}]",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = $"File with the operator's token; also MAYU_TOKEN_FILE, or the token itself in MAYU_TOKEN [default: {Defaults.TokenFile}]",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _certificate = new("--cert")
    {
        Description = "Client certificate with its key, PEM, in place of a token; also MAYU_CLIENT_CERT",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _context = new("--context")
    {
        Description = "A server of 'mayuctl context list'; also MAYU_CONTEXT [default: the current one]",
        HelpName = "NAME",
        Recursive = true,
    };

    private readonly Option<int?> _timeout = new("--timeout")
    {
        Description = $"Timeout per request in seconds [default: {Defaults.Timeout.TotalSeconds:0}]",
        HelpName = "S",
        Recursive = true,
    };

    private readonly Option<bool> _debug = new("--debug")
    {
        Description = "Print requests, answers and the cause of a failure to stderr",
        Recursive = true,
    };

    private readonly Option<string> _format = new("--output", "-o")
    {
        Description = "Output format",
        HelpName = "table|wide|json|yaml|name",
        Recursive = true,
        DefaultValueFactory = _ => "table",
    };

    private readonly OldFlags _old;

    /// <summary>Makes the options with their checks.</summary>
    public GlobalOptions()
    {
        _format.AcceptOnlyFromAmong("table", "wide", "json", "yaml", "name");
        _old = new OldFlags(_server);
        CommonOptions.Limit(_timeout, MaxTimeoutSeconds, " of seconds");
    }

    /// <summary>Adds the options to the root, and so to all commands.</summary>
    public void AddTo(Command root)
    {
        foreach (var option in new Option[] { _format, _server, _ca, _tokenFile, _certificate, _context, _timeout, _debug }.Concat(_old.All))
        {
            root.Options.Add(option);
        }

        CheckFormat(root);
    }

    // Told before anything is asked or changed.
    private void CheckFormat(Command command)
    {
        foreach (var one in command.Subcommands)
        {
            CheckFormat(one);
        }

        if (command is CtlCommand { Formats: var all } ours)
        {
            command.Validators.Add(result =>
            {
                var formats = ours.Follow is { } follow && result.GetValue(follow) ? [.. all.Where(format => format != "yaml")] : all;
                if (result.GetResult(_format) is { Tokens: [{ Value: var name }] } && CtlCommand.OfNames.Contains(name) && !formats.Contains(name))
                {
                    result.AddError($"-o {name} is not possible here. The formats of {command.Name}{(formats.Count < all.Count ? " " + ours.Follow!.Name : "")} are: {string.Join(", ", formats)}.");
                }
            });
        }
    }

    /// <summary>How the answer is printed.</summary>
    public OutputFormat Format(ParseResult parsed) => parsed.GetValue(_format) switch
    {
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        "wide" => OutputFormat.Wide,
        "name" => OutputFormat.Name,
        _ => OutputFormat.Table,
    };

    /// <summary>Whether to tell what happens behind.</summary>
    public bool IsDebug(ParseResult parsed) => parsed.GetValue(_debug) || _old.IsVerbose(parsed);

    /// <summary>What the command line says of how long an answer may take; null where it says nothing.</summary>
    public TimeSpan? Timeout(ParseResult parsed) => parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>
    /// What is wrong with the environment: a variable that is nearly one of ours, whose value would be ignored without a word. The server's own
    /// variables begin with the same prefix and may be there too.
    /// </summary>
    public static string? WrongVariable(CtlConsole console) =>
        (from name in console.EnvironmentNames.Order(StringComparer.Ordinal)
         where name.StartsWith(Prefix, StringComparison.Ordinal) && !Variables.Contains(name[Prefix.Length..])
         let nearest = ParseErrorText.Nearest(name[Prefix.Length..], Variables)
         where nearest is not null
         select $"the environment variable {name} means nothing to mayuctl; did you mean {Prefix}{nearest}? Correct its name, or unset it").FirstOrDefault();

    /// <summary>What the command line says of the server.</summary>
    public ContextSettings Flags(ParseResult parsed) => new() { Server = parsed.GetValue(_server) ?? _old.Server(parsed), Ca = parsed.GetValue(_ca), TokenFile = parsed.GetValue(_tokenFile), Certificate = parsed.GetValue(_certificate) };

    /// <summary>How the server is reached.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="console">What surrounds the program.</param>
    /// <param name="options">How it is reached.</param>
    /// <returns>What is wrong with the file of contexts, or null.</returns>
    public string? ClientOptions(ParseResult parsed, CtlConsole console, out MayuClientOptions options)
    {
        var problem = new ClientSettings(console) { Flags = Flags(parsed), Context = parsed.GetValue(_context) }.Find(out options);
        options = options with
        {
            Timeout = Timeout(parsed) ?? Defaults.Timeout,
            Log = IsDebug(parsed) ? line => console.WriteError("mayuctl: " + line) : null,
        };
        if (options.CaFile != MayuClientOptions.SystemAuthorities)
        {
            console.LeaveSystemAuthorities();
        }

        return problem;
    }
}
