using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Mayu.Server;

// With its first output .NET puts a terminal's keypad into application mode (terminfo's smkx), for good. Without TERM it does not know how.
Environment.SetEnvironmentVariable("TERM", null);
var root = new RootCommand("""
    Mayu installs empty bare-metal servers over the network.

    Exit codes:
      0  stopped normally
      1  could not start
      2  the command line or the configuration is wrong
    """);
root.Subcommands.Add(ServeCommand.Build());
root.Subcommands.Add(ConfigCommand.Build());
root.Subcommands.Add(InitCommand.Build());
root.Subcommands.Add(RenderCommand.Build());
root.Subcommands.Add(DiffCommand.Build());
if (root.Options.OfType<HelpOption>().Single().Action is HelpAction help)
{
    help.MaxWidth = HelpPage.Width;
}

if (args.Length == 0)
{
    await root.Parse("--help").InvokeAsync(new InvocationConfiguration { Output = Console.Error });
    return ExitCode.Usage;
}

// The library would put a file's content in the place of @FILE, and has directives in brackets of its own.
root.Directives.Clear();
var parsed = root.Parse(OldFlags.WithCommand(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Action is ParseErrorAction)
{
    foreach (var line in WrongCommandLine.Describe(parsed))
    {
        ServeCommand.PrintLine(Console.Error, line);
    }

    return ExitCode.Usage;
}

(parsed.CommandResult.Command as HelpPage)?.Open();
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
}
#pragma warning disable CA1031 // An operator gets a sentence, and a script an exit code, whatever it is.
catch (Exception failed)
#pragma warning restore CA1031
{
    var isDebug = args.Any(word => word is "--debug" or "-d");
    ServeCommand.PrintLine(Console.Error, UnhandledFailure.Describe(failed, isDebug));
    return ExitCode.Failed;
}
