using System.CommandLine;
using Mayu.Server.Configuration;

namespace Mayu.Server;

/// <summary><c>mayu config</c>: check a configuration, or print the reference.</summary>
internal static class ConfigCommand
{
    public static Command Build()
    {
        var command = new Command("config", "Check the configuration, or print its reference.");
        var check = new Command("check", """
            Read the configuration and tell everything that is wrong with it.

            Examples:
              mayu config check
              mayu config check --config ./config.yaml
            """);
        var options = new ConfigurationOptions();
        options.AddTo(check);
        check.SetAction(parsed => Check(options.Read(parsed)));
        command.Subcommands.Add(check);

        var reference = new Command("reference", "Print every configuration key as a Markdown table.");
        reference.SetAction(_ => Console.Write(ConfigurationReference.Render()));
        command.Subcommands.Add(reference);
        return command;
    }

    /// <summary>Tells every problem on standard error.</summary>
    public static void Report(ConfigurationReader reader)
    {
        foreach (var problem in reader.Problems)
        {
            Console.Error.WriteLine($"mayu: {problem}");
        }

        Console.Error.WriteLine(reader.Problems.Count == 1
            ? "mayu: the configuration has 1 problem; `mayu config reference` lists the keys"
            : $"mayu: the configuration has {reader.Problems.Count} problems; `mayu config reference` lists the keys");
    }

    private static int Check(ConfigurationReader reader)
    {
        if (ConfigurationSchema.Bind(reader) is null)
        {
            Report(reader);
            return ExitCode.Usage;
        }

        Console.WriteLine($"{reader.File}: ok");
        return ExitCode.Ok;
    }
}
