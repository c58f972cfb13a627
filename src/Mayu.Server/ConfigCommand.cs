using System.CommandLine;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.Preflight;
using Mayu.Server.Preview;

namespace Mayu.Server;

/// <summary><c>mayu config</c>: check a configuration, or print the reference.</summary>
internal static class ConfigCommand
{
    public static Command Build()
    {
        var command = new Command("config", "Check the configuration, or list its keys");
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

        var reference = new Command("reference", "Print all configuration keys as a Markdown table");
        reference.SetAction(_ => Console.Write(ConfigurationReference.Render()));
        command.Subcommands.Add(reference);
        return command;
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
        if (ConfigurationSchema.Bind(reader) is not { } configuration)
        {
            Report(reader);
            return ExitCode.Usage;
        }

        var (records, unread) = configOnly ? (null, null) : KnownMachines.Of(configuration);
        var needs = configOnly ? null : new MachineNeeds(configuration, records);
        var missing = needs?.Missing().ToList() ?? [];
        missing.AddRange(unread is null ? [] : [("cluster_dir", unread)]);
        foreach (var need in configuration.Openings.Concat(missing).Concat(needs?.Remarks() ?? []))
        {
            ServeCommand.PrintLine(console.Error, $"mayu: {Warning(need)}");
        }

        foreach (var (key, note) in configOnly ? [] : new ImageNotes(configuration).All())
        {
            ServeCommand.PrintLine(console.Error, $"mayu: note: {key}: {note}");
        }

        if (missing.Count > 0)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: {reader.File} is valid, but {(missing.Count == 1 ? "1 thing" : $"{missing.Count} things")} that the server or its machines will need {(missing.Count == 1 ? "is" : "are")} missing or broken");
            return ExitCode.Failed;
        }

        console.Output.WriteLine($"{reader.File}: ok{(records is { Machines.Length: > 0 and var count } ? $", and so are the configs of {Counted.Of(count, "known machine")}" : "")}");
        return ExitCode.Ok;
    }
}
