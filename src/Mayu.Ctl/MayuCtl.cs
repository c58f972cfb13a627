using System.CommandLine;
using System.CommandLine.Invocation;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Commands;
using Mayu.Ctl.Commands.Configs;
using Mayu.Ctl.Commands.Doctor;
using Mayu.Ctl.Commands.Events;
using Mayu.Ctl.Commands.Inventory;
using Mayu.Ctl.Commands.Webhooks;
using Mayu.Ctl.Completion;
using Mayu.Ctl.Output;

namespace Mayu.Ctl;

/// <summary>The program without its process.</summary>
internal static class MayuCtl
{
    /// <summary>Runs one command line and returns the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, CtlConsole console, CancellationToken cancellation)
    {
        var globals = new GlobalOptions();
        var session = new CtlSession(globals, console);
        var root = CreateRoot(globals, session);
        if (words is [CompletionScripts.HiddenCommand, ..])
        {
            return await new Completer(session).RunAsync(root, [.. words.Skip(1)], cancellation);
        }

        if (words.Count == 0)
        {
            await CommandWords.Parse(root, ["--help"]).InvokeAsync(new InvocationConfiguration { Output = console.Error }, cancellation);
            return ExitCode.Usage;
        }

        var parsed = CommandWords.Parse(root, words);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var line in ParseErrorText.Describe(parsed))
            {
                console.WriteError("mayuctl: " + line);
            }

            console.WriteError($"Try '{ParseErrorText.HelpOf(parsed)}'.");
            return ExitCode.Usage;
        }

        var invocation = new InvocationConfiguration
        {
            Output = console.Out,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
            // Program.cs takes the signals: the token tells of them.
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(invocation, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    /// <summary>Makes the commands.</summary>
    internal static RootCommand CreateRoot(CtlConsole console)
    {
        var globals = new GlobalOptions();
        return CreateRoot(globals, new CtlSession(globals, console));
    }

    private static RootCommand CreateRoot(GlobalOptions globals, CtlSession session)
    {
        var root = new RootCommand("mayuctl manages the machines of a Mayu server. Each command has its own help: mayuctl COMMAND --help. The options here apply to all commands.");
        Command[] commands =
        [
            ListCommand.Create(session),
            StatusCommand.Create(session),
            TraceCommand.Create(session),
            ExplainCommand.Create(session),
            SimulateCommand.Create(session),
            SetCommand.Create(session),
            OverrideCommand.Create(session),
            .. EnableCommands.Create(session),
            ReinstallCommand.Create(session),
            DeleteCommand.Create(session),
            ResolveCommand.Create(session),
            EventsCommand.Create(session),
            HistoryCommand.Create(session),
            DiffCommand.Create(session),
            RollbackCommand.Create(session),
            .. PinCommands.Create(session),
            ProfilesCommand.Create(session),
            AddressesCommand.Create(session),
            LeasesCommand.Create(session),
            InventoryCommand.Create(session),
            ImageCommands.Create(session),
            RenderCommand.Create(session),
            ConfigCheckCommand.Create(session),
            ReloadCommand.Create(session),
            TokenCommand.Create(session),
            WebhookCommand.Create(session),
            BootCompleteCommand.Create(session),
            ContextCommand.Create(session),
            CompletionCommand.Create(session),
            DoctorCommand.Create(session),
            VersionCommand.Create(session),
        ];
        Array.ForEach(commands, root.Add);
        globals.AddTo(root);
        HelpWithExamples.Install(root, session.Console.Width);
        return root;
    }
}
