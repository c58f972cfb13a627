using System.CommandLine;
using Mayu.Server;

var root = new RootCommand("""
    Mayu: turns racked, empty servers into configured members of a cluster.

    Exit codes: 0 stopped normally, 1 could not start, 2 the command line or the configuration is wrong.
    """);
root.Subcommands.Add(ServeCommand.Build());
root.Subcommands.Add(ConfigCommand.Build());
var parsed = root.Parse(args);
var ended = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
// The library says 1, which is ours for "could not start".
return parsed.Errors.Count > 0 ? ExitCode.Usage : ended;
