using System.CommandLine;
using Mayu.Core.Yaml;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.Import;

namespace Mayu.Server;

/// <summary><c>mayu config import</c>: turns a configuration of the first Mayu into one of this version.</summary>
internal static class ImportCommand
{
    private const int MaxBytes = 1024 * 1024;

    public static Command Build()
    {
        var command = new HelpPage("import", "Convert a configuration of the first Mayu", """
            Convert a configuration file of the first Mayu (2016 to 2023, in either of
            its two forms) into one of this version. What cannot be carried over is
            listed on standard error, with line, key and reason. The old file is not
            changed.

            Examples:
              mayu config import ./old.yaml
              mayu config import ./old.yaml --output ./config.yaml
              mayu config import ./old.yaml --address 10.0.0.1

            Exit codes:
              0  ok; `mayu config check` takes the new file
              1  written, but the new file lacks something that is named
              2  the old file cannot be read, or the new one exists
            """);
        var file = new Argument<string>("FILE") { Description = "The old configuration file" };
        var output = new Option<string?>("--output", "-o") { Description = "Write the new file here, readable for its owner only; default: standard output", HelpName = "FILE" };
        var address = new Option<string?>("--address") { Description = "This server's address on the interface of the machines; default: bind_addr of the old file", HelpName = "ADDRESS" };
        var force = new Option<bool>("--force") { Description = "Replace the new file if it exists" };
        address.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !Parse.Address(text, out _, out var problem))
            {
                result.AddError($"--address {text}: {problem}");
            }
        });
        command.Arguments.Add(file);
        command.Options.Add(output);
        command.Options.Add(address);
        command.Options.Add(force);
        command.SetAction(parsed => Run(parsed.GetValue(file)!, parsed.GetValue(output), parsed.GetValue(address), parsed.GetValue(force), parsed.InvocationConfiguration));
        return command;
    }

    private static int Run(string file, string? output, string? address, bool force, InvocationConfiguration console)
    {
        if (Read(file, out var refusal) is not { } old)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: {refusal}");
            return ExitCode.Usage;
        }

        var import = ConfigImport.Of(old, address);
        if (output is null)
        {
            console.Output.Write(import.Text);
        }
        else if (ConfigurationFile.TryWrite(output, import.Text, force) is { } problem)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: {problem}");
            return ExitCode.Usage;
        }

        foreach (var loss in import.Losses)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: {file}:{loss.Line}: {loss.Key}: not carried over: {loss.Why}");
        }

        var problems = import.Problems(output ?? "the new configuration").ToList();
        foreach (var lack in problems)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: {lack}");
        }

        return problems.Count > 0 ? ExitCode.Failed : ExitCode.Ok;
    }

    private static YamlMap? Read(string file, out string problem)
    {
        problem = $"{file}: it must be a map of keys";
        try
        {
            if (BoundedFile.TryReadText(file, MaxBytes, out var text) is { } tooLong)
            {
                problem = $"{file}: {tooLong}";
                return null;
            }

            return YamlLoader.Load(text) as YamlMap;
        }
        catch (YamlFaultException e)
        {
            problem = $"{file}:{e.Line}: {e.Message}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"{file}: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Reason())}";
        }

        return null;
    }
}
