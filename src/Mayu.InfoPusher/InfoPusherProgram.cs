using System.Text.Encodings.Web;
using System.Text.Json;
using Mayu.Client.Contracts;
using Mayu.InfoPusher.CommandLine;
using Mayu.InfoPusher.Facts;
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

        if (arguments.Command == "serial")
        {
            return await PrintSerialAsync(files, cancellation);
        }

        return PushOptions.TryRead(arguments.Options, out var options, out problem)
            ? await PushAsync(files, options, cancellation)
            : await RejectAsync(problem);
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

    private async Task<int> PrintSerialAsync(HostFiles files, CancellationToken cancellation)
    {
        var serial = FactsCollector.Collect(files).Serial;
        if (serial.Length > 0)
        {
            return await PrintAsync(serial + "\n", cancellation);
        }

        await error.WriteLineAsync("infopusher: there is neither a usable DMI serial, nor a UUID, nor a network interface");
        return ExitCode.Refused;
    }

    private async Task<int> PushAsync(HostFiles files, PushOptions options, CancellationToken cancellation)
    {
        var facts = FactsCollector.Collect(files);
        if (options.Serial is { } serial)
        {
            facts = facts with { Serial = serial };
        }

        var result = await new FactsPush(time, error).RunAsync(facts, options.Target, options.Timeout, options.Retries, cancellation);
        if (result.Outcome != PushOutcome.Accepted)
        {
            await error.WriteLineAsync("infopusher: " + result.Reason);
            return result.Outcome == PushOutcome.Refused ? ExitCode.Refused : ExitCode.Unreachable;
        }

        try
        {
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
