using System.CommandLine;
using Mayu.Server;

var root = new RootCommand("""
    Mayu: turns racked, empty servers into configured members of a cluster.

    Exit codes: 0 ended as told, 1 could not start, 2 the command line or the configuration is wrong.
    """);
root.Subcommands.Add(ServeCommand.Build());
root.Subcommands.Add(ConfigCommand.Build());
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
