using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Client.Text;
using Mayu.Ctl.Contexts;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.CommandLine;

/// <summary>What every command needs: the way to the server, and how failures are told.</summary>
/// <param name="globals">The options that every command takes.</param>
/// <param name="console">What surrounds the program.</param>
internal sealed class CtlSession(GlobalOptions globals, CtlConsole console)
{
    private const int MostErrors = 50;

    /// <summary>What surrounds the program.</summary>
    public CtlConsole Console => console;

    /// <summary>How the answer is printed.</summary>
    public OutputFormat Format(ParseResult parsed) => globals.Format(parsed);

    /// <summary>What the command line says of the server.</summary>
    public ContextSettings Flags(ParseResult parsed) => globals.Flags(parsed);

    /// <summary>Where a table is printed, and how wide.</summary>
    public CtlConsole TableOf(ParseResult parsed) => Format(parsed) == OutputFormat.Wide ? console with { IsWide = true } : console;

    /// <summary>How long an answer may take, where the command line says it.</summary>
    public TimeSpan? Timeout(ParseResult parsed) => globals.Timeout(parsed);

    /// <summary>How the server is reached.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">How it is reached.</param>
    /// <returns>What is wrong with the environment or the file of contexts, or null.</returns>
    public string? ClientOptions(ParseResult parsed, out MayuClientOptions options)
    {
        options = new MayuClientOptions();
        return GlobalOptions.WrongVariable(console) ?? globals.ClientOptions(parsed, console, out options);
    }

    /// <summary>Opens the client, asks, and shows the answer; or tells the failure.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="ask">The request.</param>
    /// <param name="show">Shows the answer.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <param name="isOnce">Whether a server that is away for a moment is not asked again.</param>
    /// <returns>The exit code.</returns>
    public Task<int> AskAsync<T>(ParseResult parsed, Func<MayuClient, Task<ApiResult<T>>> ask, Action<T> show, CancellationToken cancellation, bool isOnce = false)
        where T : class => UseAsync(
            parsed,
            async client =>
            {
                if (!(await ask(client)).TryGet(out var answer, out var failure))
                {
                    return Fail(parsed, failure);
                }

                show(answer);
                return ExitCode.Ok;
            },
            cancellation,
            isOnce);

    /// <summary>Opens the client, asks about the machine that a name means, and shows the answer; or tells the failure.</summary>
    /// <inheritdoc cref="MayuClient.ByNameAsync"/>
    /// <returns>The exit code.</returns>
    public Task<int> AskAboutAsync<T>(
        ParseResult parsed, string name, Func<MayuClient, string, Task<ApiResult<T>>> ask, Action<T> show, CancellationToken cancellation, bool isWhole = false)
        where T : class =>
        AskAsync(parsed, client => client.ByNameAsync(name, serial => ask(client, serial), isWhole, cancellation), show, cancellation);

    /// <summary>Asks the boot HTTP of the server, as machines do: without a token.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="url">Where that is, of a server whose API is known.</param>
    /// <param name="ask">The request.</param>
    /// <param name="show">Shows the answer.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> AskBootServerAsync<T>(
        ParseResult parsed, Func<Uri, string> url, Func<MayuClient, Task<ApiResult<T>>> ask, Action<T> show, CancellationToken cancellation)
        where T : class
    {
        if (globals.ClientOptions(parsed, console, out var options) is { } problem)
        {
            console.WriteError("mayuctl: " + problem);
            return ExitCode.Usage;
        }

        var api = options.TryGetUrl(out var known) ? known : new Uri(new MayuClientOptions().Server);
        var opened = await MayuClient.OpenAsync(options with { Server = url(api), IsAnonymous = true }, cancellation);
        if (!opened.TryGet(out var client, out var failure))
        {
            return Fail(parsed, failure);
        }

        using (client)
        {
            if (!(await ask(client)).TryGet(out var answer, out failure))
            {
                return Fail(parsed, failure);
            }

            show(answer);
            return ExitCode.Ok;
        }
    }

    /// <summary>Opens the client and asks, by the way and once: a failure is told to nobody.</summary>
    /// <returns>The answer; null without one.</returns>
    public async Task<T?> TryAskAsync<T>(ParseResult parsed, Func<MayuClient, Task<ApiResult<T>>> ask, CancellationToken cancellation)
        where T : class
    {
        if (globals.ClientOptions(parsed, console, out var options) is not null || !(await MayuClient.OpenAsync(options with { Tries = 1 }, cancellation)).TryGet(out var client, out _))
        {
            return null;
        }

        using (client)
        {
            return (await ask(client)).TryGet(out var answer, out _) ? answer : null;
        }
    }

    /// <summary>Opens the client for as long as it is used; or tells the failure.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> UseAsync(ParseResult parsed, Func<MayuClient, Task<int>> use, CancellationToken cancellation, bool isOnce = false)
    {
        if (ClientOptions(parsed, out var options) is { } problem)
        {
            console.WriteError("mayuctl: " + problem);
            return ExitCode.Usage;
        }

        var opened = await MayuClient.OpenAsync(isOnce ? options with { Tries = 1 } : options, cancellation);
        if (!opened.TryGet(out var client, out var failure))
        {
            return Fail(parsed, failure);
        }

        if (options.ExposesToken)
        {
            console.WriteError($"mayuctl: warning: the token crosses the network unencrypted to {options.Server}; use https:// unless the network is trusted");
        }

        using (client)
        {
            return await use(client);
        }
    }

    /// <summary>Opens the client for a command that goes on until Ctrl-C, or until nobody reads its output: that is its end, and no failure.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(ParseResult parsed, Func<MayuClient, Task<int>> follow, CancellationToken cancellation)
    {
        try
        {
            return await UseAsync(parsed, follow, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
        catch (IOException gone) when (CtlConsole.IsReaderGone(gone))
        {
            return ExitCode.Ok;
        }
    }

    /// <summary>Asks before what cannot be taken back.</summary>
    /// <param name="question">What would happen, as a question.</param>
    /// <param name="afterNo">What is printed after a no: <c>Nothing was deleted.</c></param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The exit code if the command ends here; null: yes.</returns>
    public async Task<int?> ConfirmAsync(string question, string afterNo, CancellationToken cancellation)
    {
        if (!console.IsAttended)
        {
            console.WriteError($"mayuctl: {question} There is no terminal to ask this on; answer it with --yes");
            return ExitCode.Usage;
        }

        console.WriteQuestion($"{question} [y/N]");
        if (await console.ReadLineAsync(cancellation) is "y" or "Y" or "yes")
        {
            return null;
        }

        console.WriteError(afterNo);
        return ExitCode.Failed;
    }

    /// <summary>Finds the machine that a name means, and asks before something is done to it that cannot be taken back.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="client">The client.</param>
    /// <param name="name">What was typed.</param>
    /// <param name="ask">Asks, about that machine: null for a yes, else the exit code.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The machine as it was shown, so that the change is made only if it is still so; or the exit code.</returns>
    public async Task<(Machine? Found, int Ended)> AgreeAsync(
        ParseResult parsed, MayuClient client, string name, Func<Machine, Task<int?>> ask, CancellationToken cancellation)
    {
        var found = await client.FindMachineAsync(name, cancellation);
        if (found.Value is { HasRecord: true, Tag: null } listed)
        {
            // A machine of a list has no tag.
            found = await client.GetMachineAsync(listed.Serial, cancellation);
        }

        return !found.TryGet(out var machine, out var unknown) ? (null, Fail(parsed, unknown))
            : await ask(machine) is { } ended ? (null, ended)
            : (machine, ExitCode.Ok);
    }

    /// <summary>Prints an answer: for programs as it came, for people as <paramref name="tell"/> does.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="type">How it is written as JSON.</param>
    /// <param name="tell">Prints it for people.</param>
    /// <param name="name">What it is about; null for a command without <c>-o name</c>.</param>
    public void Show<T>(ParseResult parsed, T answer, JsonTypeInfo<T> type, Action tell, Func<T, string>? name = null) =>
        Show(parsed, () => JsonSerializer.SerializeToNode(answer, type)!, tell, () => name is null ? [] : [name(answer)]);

    /// <summary>Prints a list: for programs as it came, for people as <paramref name="tell"/> does.</summary>
    /// <inheritdoc cref="Show{T}(ParseResult, T, JsonTypeInfo{T}, Action, Func{T, string})"/>
    public void Show<T>(ParseResult parsed, IReadOnlyList<T> answers, JsonTypeInfo<T> type, Action tell, Func<T, string>? name = null) => Show(
        parsed,
        () => new JsonArray([.. answers.Select(answer => JsonSerializer.SerializeToNode(answer, type))]),
        tell,
        () => name is null ? [] : answers.Select(name));

    /// <summary>Prints an answer: for programs as <paramref name="answer"/> makes it, for people as <paramref name="tell"/> does.</summary>
    public void Show(ParseResult parsed, Func<JsonNode> answer, Action tell, Func<IEnumerable<string>>? names = null)
    {
        switch (Format(parsed))
        {
            case (OutputFormat.Json or OutputFormat.Yaml) and var format:
                StructuredPrinter.Print(console, format, answer());
                break;
            case OutputFormat.Name:
                foreach (var name in names?.Invoke() ?? [])
                {
                    console.Out.WriteLine(PrintableText.Escape(name));
                }

                break;
            default:
                tell();
                break;
        }
    }

    /// <summary>Says a sentence to a person.</summary>
    public void WriteLine(string text) => console.WriteSentence(text);

    /// <summary>Tells a failure on stderr: what, why, and what to try.</summary>
    /// <returns>The exit code.</returns>
    public int Fail(ParseResult parsed, ApiFailure failure)
    {
        if (failure.Errors.Count > 1)
        {
            TellFields(failure);
        }
        else
        {
            console.WriteError("mayuctl: " + failure.Title + (failure.Detail is { Length: > 0 } detail ? ": " + detail : ""));
        }

        if (failure.Advice is { } advice)
        {
            console.WriteError("  " + advice, indent: 2);
        }

        if (failure.Cause is { } cause && globals.IsDebug(parsed))
        {
            console.Error.WriteLine(cause);
        }

        return ExitCode.Of(failure.Kind);
    }

    // The detail says the same, all in one.
    private void TellFields(ApiFailure failure)
    {
        console.WriteError($"mayuctl: {failure.Title}:");
        foreach (var error in failure.Errors.Take(MostErrors))
        {
            var field = error.Pointer.TrimStart('#', '/');
            console.WriteError($"  {(field.Length > 0 ? $"{field}: " : "")}{error.Detail}", indent: 4);
        }

        if (failure.Errors.Count > MostErrors)
        {
            console.WriteError($"  and {failure.Errors.Count - MostErrors} more");
        }
    }
}
