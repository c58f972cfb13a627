using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Mayu.Ctl.CommandLine;

/// <summary>The usual help, with the global options on the root's page only, and after it examples and exit codes.</summary>
/// <param name="usual">The library's help.</param>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    // With the longest names they have less than 80 columns.
    private const int OnOneLine = 5;

    private const string RootExamples = """
        mayuctl list
        mayuctl list --state running --fields serial,ip,image
        mayuctl status vm-001
        mayuctl set vm-001 state configured --reason "new disks"
        mayuctl history vm-001 --fields
        mayuctl pin mac:52:54:00:00:00:07 --profile core
        mayuctl --server https://mayu.example:4080 --ca ca.pem --token-file token list
        mayuctl --context lab list
        """;

    private const string ExitCodes = """
        Exit codes:
          0    done
          1    it failed: the server refused the request, for example
          2    the command line, or a file that it names, is wrong
          3    the server could not be reached, or does not allow it
          4    there is no such machine, profile or pin
          5    the machine's state, or another change, conflicts with it
          130  interrupted

        """;

    /// <summary>Puts this help in the place of the usual one, for a root and all commands below it.</summary>
    /// <param name="root">The root command.</param>
    /// <param name="width">Width of the terminal, in columns.</param>
    public static void Install(RootCommand root, int width)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        var usual = (HelpAction)option.Action!;
        usual.MaxWidth = Math.Clamp(width, 80, 120);
        option.Action = new HelpWithExamples(usual);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var globals = parseResult.RootCommandResult.Command.Options.Where(option => option is { Recursive: true, Hidden: false } and not HelpOption).ToList();
        var command = parseResult.CommandResult.Command as CtlCommand;
        if (command is not null)
        {
            command.Description = command.Details;
            globals.ForEach(option => option.Hidden = true);
        }

        var code = usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (command is not null)
        {
            output.WriteLine("Global options, explained by 'mayuctl --help':");
            foreach (var line in globals.Chunk(OnOneLine))
            {
                output.WriteLine("  " + string.Join(", ", line.SelectMany(option => option.Aliases.Append(option.Name))));
            }

            output.WriteLine();
        }

        var examples = command?.Examples ?? RootExamples;
        output.WriteLine("Examples:");
        foreach (var line in examples.Split('\n'))
        {
            output.WriteLine("  " + line);
        }

        output.WriteLine();
        output.Write(ExitCodes);
        return code;
    }
}
