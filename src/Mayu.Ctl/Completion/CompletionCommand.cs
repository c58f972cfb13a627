using System.CommandLine;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Completion;

/// <summary><c>mayuctl completion</c>: what a shell loads to complete words.</summary>
internal static class CompletionCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl completion bash | tee /etc/bash_completion.d/mayuctl
            mayuctl completion zsh | tee /usr/local/share/zsh/site-functions/_mayuctl
            mayuctl completion fish | source
            """;
        const string Details = "Print a script with which a shell completes commands, options and their values. It asks the server for serials and profiles, and completes nothing if the server does not answer within two seconds.";
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish", HelpName = "shell" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new CtlCommand("completion", "Print a completion script for a shell", Examples, Details, formats: ["table"]) { shell };
        command.SetAction(parsed =>
        {
            session.Console.Out.WriteLine(CompletionScripts.Of(parsed.GetRequiredValue(shell)));
            return ExitCode.Ok;
        });
        return command;
    }
}
