using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mayu.Client.Contracts;
using Mayu.InfoPusher.CommandLine;
using Mayu.InfoPusher.Facts;
using Mayu.InfoPusher.Http;
using Mayu.InfoPusher.Push;

namespace Mayu.InfoPusher;

/// <summary>The program without its process: its streams and its clock are given.</summary>
/// <param name="output">The standard output, in bytes: a config passes through as it is.</param>
/// <param name="error">Where messages go.</param>
/// <param name="time">The clock.</param>
internal sealed class InfoPusherProgram(Stream output, TextWriter error, TimeProvider time)
{
    /// <summary>Runs one command line and returns the exit code.</summary>
    public async Task<int> RunAsync(string[] words, CancellationToken cancellation)
    {
        if (words.Any(word => word is "--help" or "-h") || words is ["help"])
        {
            return await PrintAsync(HelpText.Text, cancellation);
        }

        if (words is ["--version"] or ["version"])
        {
            return await PrintAsync(ProductVersion.Text + "\n", cancellation);
        }

        if (!Arguments.TryParse(words, out var arguments, out var problem))
        {
            return await RejectAsync(problem);
        }

        var files = new HostFiles(arguments.Options.GetValueOrDefault("--root") ?? "/");
        if (arguments.Command == "show")
        {
            return await ShowAsync(files, cancellation);
        }

        return !PushOptions.TryRead(arguments.Command, arguments.Options, out var options, out problem) ? await RejectAsync(problem)
            : arguments.Command == "serial" ? await PrintSerialAsync(files, options, cancellation)
            : await PushAsync(files, options, cancellation);
    }

    /// <summary>Tells that the output is closed or full.</summary>
    /// <returns>The exit code.</returns>
    public static int CannotWrite(TextWriter error, IOException failed)
    {
        try
        {
            error.WriteLine($"infopusher: the output cannot be written: {failed.Message}");
        }
        catch (IOException)
        {
            // Nobody can be told.
        }

        return ExitCode.CannotWrite;
    }

    private async Task<int> ShowAsync(HostFiles files, CancellationToken cancellation)
    {
        var facts = FactsCollector.Collect(files);
        var indented = new BootJsonContext(new JsonSerializerOptions(BootJsonContext.Default.Options)
        {
            WriteIndented = true,
            // For people and jq, never for a web page: a plus stays a plus.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        return await PrintAsync(JsonSerializer.Serialize(facts, indented.FactsReport) + "\n", cancellation);
    }

    private async Task<int> PrintSerialAsync(HostFiles files, PushOptions options, CancellationToken cancellation)
    {
        var target = options.Target;
        target = target with { PathAndQuery = $"{target.PathAndQuery}?{FactsCollector.IdentityQuery(FactsCollector.Collect(files))}" };
        using var deadline = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            var answer = await HttpExchange.GetAsync(target, either.Token);
            if (answer.IsSuccess && CleanText.From(answer.Body) is { } serial)
            {
                return await PrintAsync(serial + "\n", cancellation);
            }

            await error.WriteLineAsync($"infopusher: the server did not return this machine's serial: {FactsPush.Describe(answer)}");
            return answer.MayPass ? ExitCode.Unreachable : ExitCode.Refused;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await error.WriteLineAsync($"infopusher: http://{target.Authority}: no answer within {options.Timeout.TotalSeconds:0.#} s");
        }
        catch (Exception failed) when (failed is SocketException or IOException or InvalidDataException)
        {
            await error.WriteLineAsync($"infopusher: http://{target.Authority}: {CleanText.From(failed.Message) ?? "the connection was lost"}");
        }

        return ExitCode.Unreachable;
    }

    private async Task<int> PushAsync(HostFiles files, PushOptions options, CancellationToken cancellation)
    {
        var facts = FactsCollector.Collect(files);
        if (options.Serial is { } serial)
        {
            facts = facts with { Serial = serial };
        }

        if (!BootToken.TryRead(files, options.TokenFile, out var token, out var problem))
        {
            return await RejectAsync(problem);
        }

        var result = await new FactsPush(time, error, token).RunAsync(facts, options.Target, options.Timeout, options.Retries, cancellation);
        if (result.Outcome != PushOutcome.Accepted)
        {
            await error.WriteLineAsync("infopusher: " + result.Reason);
            return result.Outcome == PushOutcome.Refused ? ExitCode.Refused : ExitCode.Unreachable;
        }

        try
        {
            if (options.SerialOutput is { } serialPath && result.Serial is { } named)
            {
                await ConfigFile.WriteAsync(serialPath, System.Text.Encoding.UTF8.GetBytes(named + "\n"), cancellation);
            }

            if (options.Output is { } path)
            {
                await ConfigFile.WriteAsync(path, result.Config, cancellation);
            }
            else
            {
                await output.WriteAsync(result.Config, cancellation);
                await output.FlushAsync(cancellation);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"infopusher: the config could not be written to {options.Output ?? "the standard output"}: {failed.Message}");
            return ExitCode.CannotWrite;
        }

        return ExitCode.Ok;
    }

    private async Task<int> PrintAsync(string text, CancellationToken cancellation)
    {
        await output.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellation);
        await output.FlushAsync(cancellation);
        return ExitCode.Ok;
    }

    private async Task<int> RejectAsync(string problem)
    {
        await error.WriteLineAsync($"infopusher: {problem}\nTry 'infopusher --help'.");
        return ExitCode.Usage;
    }
}
