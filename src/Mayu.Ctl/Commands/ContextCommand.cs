using System.CommandLine;
using System.Text.Json.Nodes;
using Mayu.Client;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Contexts;
using Mayu.Ctl.Output;
using Mayu.Primitives;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl context</c>: the servers that are known by a name.</summary>
internal sealed class ContextCommand(CtlSession session)
{
    private readonly Argument<string> _name = new("context") { Description = "The context's name" };

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl context set lab --server https://lab.example:4080
            mayuctl context set lab --ca lab.pem --token-file lab-token
            mayuctl context use lab
            mayuctl context list
            """;
        const string Details = "Give servers names. They are kept in ~/.config/mayu/config.yaml, below $XDG_CONFIG_HOME if that is set. Flags come before the environment, and both before the current context.";
        var context = new ContextCommand(session);
        return new CtlCommand("context", "Give servers names, and choose one", Examples, Details) { context.List(), context.Use(), context.Set(), context.Delete() };
    }

    private CtlCommand List()
    {
        const string Examples = """
            mayuctl context list
            mayuctl context list -o name
            """;
        var command = new CtlCommand("list", "List the contexts", Examples, "List the contexts; the current one is marked.", CtlCommand.OfNames);
        command.SetAction(parsed => Use(out var file, out _) is { } code ? code : Show(parsed, file));
        return command;
    }

    private CtlCommand Use()
    {
        var command = new CtlCommand("use", "Make a context the current one", "mayuctl context use lab", formats: ["table"]) { _name };
        command.SetAction((parsed, cancellation) => AloneAsync(() => Change(parsed, (file, name) => file with { Current = name }, "is the current context"), cancellation));
        return command;
    }

    private CtlCommand Set()
    {
        const string Examples = """
            mayuctl context set lab --server https://lab.example:4080
            mayuctl context set lab --ca lab.pem --token-file lab-token
            """;
        const string Details = "Make a context, or change it: --server, --ca, --token-file and --cert are kept in it. The first context becomes the current one.";
        var command = new CtlCommand("set", "Make or change a context", Examples, Details, ["table"]) { _name };
        command.Validators.Add(result =>
        {
            if (result.GetResult(_name) is { Tokens: [{ Value: var name }] } && !ContextFileText.IsName(name))
            {
                result.AddError($"'{name}' cannot be the name of a context: 1 to 64 letters, digits, dots, dashes and underscores.");
            }
        });
        command.SetAction((parsed, cancellation) => AloneAsync(() => Set(parsed), cancellation));
        return command;
    }

    private CtlCommand Delete()
    {
        var command = new CtlCommand("delete", "Remove a context", "mayuctl context delete lab", "Remove a context. The files that it names remain.", ["table"]) { _name };
        command.SetAction((parsed, cancellation) => AloneAsync(
            () => Change(parsed, (file, name) => file with { Contexts = file.Contexts.Remove(name), Current = file.Current == name ? null : file.Current }, "is removed"), cancellation));
        return command;
    }

    private int Set(ParseResult parsed)
    {
        var (name, given) = (parsed.GetRequiredValue(_name), session.Flags(parsed));
        if (given == new ContextSettings())
        {
            session.Console.WriteError("mayuctl: say what the context has: --server, --ca, --token-file or --cert");
            return ExitCode.Usage;
        }

        if (given.Server is { } server && !new MayuClientOptions { Server = server }.TryGetUrl(out _))
        {
            session.Console.WriteError($"mayuctl: '{server}' is not the URL of a server; expected: a URL like https://mayu.example:4080");
            return ExitCode.Usage;
        }

        if (Use(out var file, out var path) is { } code)
        {
            return code;
        }

        var before = file.Contexts.GetValueOrDefault(name) ?? new ContextSettings();
        var after = new ContextSettings
        {
            Server = given.Server ?? before.Server,
            Ca = given.Ca is null or MayuClientOptions.SystemAuthorities ? given.Ca ?? before.Ca : Path.GetFullPath(given.Ca),
            TokenFile = given.TokenFile is { } token ? Path.GetFullPath(token) : before.TokenFile,
            Certificate = given.Certificate is { } certificate ? Path.GetFullPath(certificate) : before.Certificate,
        };
        var current = file.Contexts.IsEmpty ? name : file.Current;
        return Write(file with { Contexts = file.Contexts.SetItem(name, after), Current = current }, path, $"{name} is set in {path}{(current == name ? "; it is the current context" : "")}");
    }

    private int Change(ParseResult parsed, Func<ContextFile, string, ContextFile> change, string done)
    {
        if (Use(out var file, out var path) is { } code)
        {
            return code;
        }

        var name = parsed.GetRequiredValue(_name);
        if (file.Contexts.ContainsKey(name))
        {
            return Write(change(file, name), path, $"{name} {done}");
        }

        session.Console.WriteError($"mayuctl: there is no context '{name}'{(file.Contexts.IsEmpty ? "" : $". There are: {string.Join(", ", file.Contexts.Keys)}")}{Suggestion.For(name, file.Contexts.Keys)}");
        return ExitCode.NotFound;
    }

    private int Show(ParseResult parsed, ContextFile file)
    {
        session.Show(
            parsed,
            () => new JsonArray([.. file.Contexts.Select(entry => new JsonObject
            {
                ["name"] = entry.Key, ["current"] = entry.Key == file.Current, ["server"] = entry.Value.Server, ["ca"] = entry.Value.Ca, ["tokenFile"] = entry.Value.TokenFile,
                ["cert"] = entry.Value.Certificate,
            })]),
            () =>
            {
                if (file.Contexts.IsEmpty)
                {
                    session.Console.WriteError("There is no context yet; 'mayuctl context set NAME --server URL' makes one.");
                    return;
                }

                TablePrinter.Print(
                    session.TableOf(parsed),
                    ["current", "name", "server", new("ca") { DropOrder = 1 }, new("token_file") { DropOrder = 2 }, new("cert") { DropOrder = 3 }],
                    [.. file.Contexts.Select(entry => new Cell[] { new(entry.Key == file.Current ? "*" : ""), new(entry.Key), new(entry.Value.Server), new(entry.Value.Ca), new(entry.Value.TokenFile), new(entry.Value.Certificate) })]);
            },
            () => file.Contexts.Keys);
        return ExitCode.Ok;
    }

    private async Task<int> AloneAsync(Func<int> change, CancellationToken cancellation)
    {
        if (ContextFile.PathFor(session.Console) is not { } path)
        {
            return change();
        }

        try
        {
            using var held = await ContextFile.LockAsync(path, session.Console.Time, cancellation);
            return change();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return CannotWrite(path, failed);
        }
    }

    private int? Use(out ContextFile file, out string path)
    {
        (file, path) = (ContextFile.Empty, ContextFile.PathFor(session.Console) ?? "");
        var problem = path.Length == 0 ? "there is no place for contexts: neither HOME nor XDG_CONFIG_HOME is set" : null;
        file = problem is null ? ContextFile.Read(path, out problem) : file;
        if (problem is null)
        {
            return null;
        }

        session.Console.WriteError("mayuctl: " + problem);
        return ExitCode.Usage;
    }

    private int Write(ContextFile file, string path, string done)
    {
        try
        {
            file.Write(path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return CannotWrite(path, failed);
        }

        session.WriteLine(done);
        return ExitCode.Ok;
    }

    private int CannotWrite(string path, Exception failed)
    {
        session.Console.WriteError($"mayuctl: {path} cannot be written: {failed.Message}");
        return ExitCode.Failed;
    }
}
