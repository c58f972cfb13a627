using System.CommandLine;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.ConfigViews;
using Mayu.Server.Preflight;
using Mayu.Server.Preview;

namespace Mayu.Server;

/// <summary><c>mayu config</c>: check and show a configuration, print the reference and the schema.</summary>
internal static class ConfigCommand
{
    public static Command Build()
    {
        var command = new Command("config", "Check or show the configuration, list its keys");
        var check = new HelpPage("check", "Check the configuration, and what machines need", """
            Check the configuration, and whether everything exists that machines need:
            images, templates, SSH keys. The config of every profile and of every
            machine in the cluster directory is rendered and validated, with the
            secrets that this user can read; values of others are not checked, and a
            warning names them. A server may be running. All problems are reported
            together. A note is about something that Mayu cannot check, such as what
            an image has to contain.

            Examples:
              mayu config check
              mayu config check --config ./config.yaml
              mayu config check --config ./config.yaml --config-only

            Exit codes:
              0  ok; a warning names what was not checked, and there may be notes
              1  valid, but something that machines need is missing or broken
              2  the configuration is not valid
            """);
        var options = new ConfigurationOptions();
        options.AddTo(check);
        var configOnly = new Option<bool>("--config-only") { Description = "Check only the configuration, not the images and templates that it names" };
        check.Options.Add(configOnly);
        check.SetAction(parsed => Check(options.Read(parsed), parsed.GetValue(configOnly), parsed.InvocationConfiguration));
        command.Subcommands.Add(check);

        command.Subcommands.Add(BuildShow());
        command.Subcommands.Add(ImportCommand.Build());
        var schema = new HelpPage("schema", "Print a JSON Schema of the configuration, for editors", """
            Print a JSON Schema (2020-12) of the configuration file. Save it next to
            the file, as config.schema.json for example. Editors that use the YAML
            language server complete and check the file with it, if the first line of
            the file is:
              # yaml-language-server: $schema=./config.schema.json

            It knows keys and kinds of values; `mayu config check` checks the rest.

            Examples:
              mayu config schema
            """);
        schema.SetAction(_ => Console.Write(ConfigJsonSchema.Render()));
        command.Subcommands.Add(schema);

        var reference = new HelpPage("reference", "Print all configuration keys as a Markdown table", """
            Print all configuration keys, with their kinds of values and defaults, as a
            Markdown table. It is the reference in docs/configuration.md.

            Examples:
              mayu config reference
            """);
        reference.SetAction(_ => Console.Write(ConfigurationReference.Render()));
        command.Subcommands.Add(reference);
        return command;
    }

    private static HelpPage BuildShow()
    {
        var show = new HelpPage("show", "Show each value and where it comes from", """
            Show every key with its value and its source: a line of the file, an
            environment variable, --set, or the default. Tokens, passwords, password
            hashes and private keys are shown as ***. Values are shown as they are
            written, also if the configuration has problems.

            Examples:
              mayu config show
              mayu config show --config ./config.yaml -o json
              mayu config show --set api.port=5080 -o yaml

            Exit codes:
              0  ok
              2  the configuration is not valid; the problems are on standard error
            """);
        var options = new ConfigurationOptions();
        options.AddTo(show);
        var format = new Option<string>("--output", "-o") { Description = "How to print it", HelpName = string.Join('|', ConfigShow.Formats), DefaultValueFactory = _ => ConfigShow.Formats[0] };
        format.AcceptOnlyFromAmong(ConfigShow.Formats);
        show.Options.Add(format);
        show.SetAction(parsed =>
        {
            var reader = options.Read(parsed);
            var configuration = ConfigurationSchema.Bind(reader);
            // Of a file that cannot be read nothing is known.
            if (reader.Shown.Count > 0)
            {
                parsed.InvocationConfiguration.Output.Write(ConfigShow.Render(reader.Shown, parsed.GetValue(format)!));
            }

            if (configuration is null)
            {
                Report(reader);
                return ExitCode.Usage;
            }

            return ExitCode.Ok;
        });
        return show;
    }

    /// <summary>Tells every problem on standard error.</summary>
    public static void Report(ConfigurationReader reader)
    {
        foreach (var problem in reader.Problems)
        {
            ServeCommand.PrintLine(Console.Error, $"mayu: {problem}");
        }

        // Of a file that is not there no key is wrong.
        if (reader.Problems.Any(problem => problem.Key.Length > 0))
        {
            ServeCommand.PrintLine(Console.Error, reader.Problems.Count == 1
                ? "mayu: the configuration has 1 problem; `mayu config reference` lists the keys"
                : $"mayu: the configuration has {reader.Problems.Count} problems; `mayu config reference` lists the keys");
        }
    }

    /// <summary>What machines will need and would not get, for an operator.</summary>
    public static string Warning((string Key, string Problem) need) => $"warning: {need.Key}: {need.Problem}";

    private static int Check(ConfigurationReader reader, bool configOnly, InvocationConfiguration console)
    {
        var check = ConfigCheck.Run(reader, configOnly ? null : KnownMachines.Of);
        if (!check.IsValid)
        {
            Report(reader);
            return ExitCode.Usage;
        }

        foreach (var finding in check.Findings)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: {(finding.Severity == FindingSeverity.Note ? $"note: {finding.Key}: {finding.Message}" : Warning((finding.Key, finding.Message)))}");
        }

        if (check.Findings.Count(finding => finding.Severity == FindingSeverity.Missing) is > 0 and var missing)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: {reader.File} is valid, but {(missing == 1 ? "1 thing" : $"{missing} things")} that the server or its machines will need {(missing == 1 ? "is" : "are")} missing or broken");
            return ExitCode.Failed;
        }

        console.Output.WriteLine($"{reader.File}: ok{(check.Machines > 0 ? $", and so are the configs of {Counted.Of(check.Machines, "known machine")}" : "")}");
        return ExitCode.Ok;
    }
}
