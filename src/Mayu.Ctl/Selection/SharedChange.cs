using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Selection;

/// <summary>One change of all machines that are selected: shows what would become of each, asks, and makes it. A dry run is one, of one machine too.</summary>
/// <param name="session">The way to the server.</param>
/// <param name="yes">The option that answers the question.</param>
/// <param name="reason">The option that says why.</param>
internal sealed class SharedChange(CtlSession session, Option<bool> yes, Option<string?> reason)
{
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Show what would change, and change nothing" };

    /// <summary>Which machines.</summary>
    public MachineSelection Selection { get; } = new();

    /// <summary>The options of a command that can change one machine or several.</summary>
    /// <param name="command">The command.</param>
    /// <param name="machine">Its argument for the one machine.</param>
    public void AddTo(Command command, Argument<string?> machine)
    {
        AddOptionsTo(command);
        command.Validators.Add(result =>
        {
            var (isNamed, isSelected) = (result.GetResult(machine) is { Tokens.Count: > 0 }, Selection.IsGiven(result));
            if (isNamed == isSelected)
            {
                result.AddError(isNamed ? "Name a machine or select machines, not both." : "Name a machine, or select machines with --selector, --profile, --state or --tag.");
            }
        });
    }

    /// <summary>The options, for a command that checks them itself.</summary>
    public void AddOptionsTo(Command command)
    {
        Selection.AddTo(command);
        command.Add(_dryRun);
    }

    /// <summary>Whether the change is made in this way: of machines that are selected, or only as a look at what it would be.</summary>
    public bool IsMeant(ParseResult parsed) => Selection.Text(parsed) is not null || parsed.GetValue(_dryRun);

    /// <summary>Makes the change.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="name">The machine where none are selected, as it was typed.</param>
    /// <param name="change">How; which machines and why is filled in here.</param>
    /// <param name="what">What would happen, as the beginning of a question: <c>Install again at their next network boot</c>.</param>
    /// <param name="cancellation">Ends it; what was sent to be changed, is.</param>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(ParseResult parsed, string? name, MachineChangesRequest change, string what, CancellationToken cancellation) => session.UseAsync(
        parsed,
        async client =>
        {
            var selector = Selection.Text(parsed);
            if (selector is null)
            {
                if (!(await client.FindMachineAsync(name!, cancellation)).TryGet(out var machine, out var unknown))
                {
                    return session.Fail(parsed, unknown);
                }

                if (!machine.HasRecord)
                {
                    session.Console.WriteError($"mayuctl: {machine.Serial} was only seen booting and has no record, so there is nothing to change");
                    return ExitCode.NotFound;
                }

                if (!MachineSelection.TryName(machine.Serial, out selector))
                {
                    session.Console.WriteError($"mayuctl: there is no dry run for '{machine.Serial}': a selector cannot name a serial with a comma, a bar or a star.");
                    return ExitCode.Failed;
                }
            }

            change = change with { Selector = selector, Reason = parsed.GetValue(reason) };
            if (!(await client.ChangeMachinesAsync(change, cancellation)).TryGet(out var foreseen, out var failure))
            {
                return session.Fail(parsed, failure);
            }

            if (parsed.GetValue(_dryRun) || foreseen.Confirm is null)
            {
                Show(parsed, foreseen);
                return foreseen.Items.Count == 0 ? ExitCode.NotFound : foreseen.Refused > 0 ? ExitCode.Failed : ExitCode.Ok;
            }

            if (!parsed.GetValue(yes))
            {
                // Beside the question.
                Print(session.Console with { Out = session.Console.Error, IsTerminal = session.Console.IsErrorTerminal }, foreseen);
                Warn(foreseen);
                if (await session.ConfirmAsync($"{what}: {Machines(foreseen.Changed)}?", "Nothing was changed.", cancellation) is { } ended)
                {
                    return ended;
                }
            }

            if (!(await client.ChangeMachinesAsync(change with { Confirm = foreseen.Confirm }, cancellation)).TryGet(out var made, out failure))
            {
                return session.Fail(parsed, failure);
            }

            Show(parsed, made);
            return made.Refused > 0 ? ExitCode.Failed : ExitCode.Ok;
        },
        cancellation);

    private void Show(ParseResult parsed, MachineChangesResult result) => session.Show(
        parsed,
        () => System.Text.Json.JsonSerializer.SerializeToNode(result, ApiJsonContext.Default.MachineChangesResult)!,
        () =>
        {
            Print(session.TableOf(parsed), result);
            session.WriteLine(Summary(result));
            Warn(result);
        },
        () => result.Items.Where(item => item.Outcome == MachineChangesItem.Changed).Select(item => item.Serial));

    private void Warn(MachineChangesResult result)
    {
        if (result.Warning is { } warning)
        {
            session.Console.WriteError($"mayuctl: warning: {warning}");
        }
    }

    private static void Print(CtlConsole console, MachineChangesResult result)
    {
        if (result.Items.Count > 0)
        {
            TablePrinter.Print(
                console,
                ["serial", "state", result.IsDryRun ? "would be" : "outcome", new Column("detail") { IsBelow = true }],
                [.. result.Items.Select(item => new[] { new Cell(item.Serial), new Cell(item.State, StateColors.Of(item.State)), new Cell(item.Outcome), new Cell(item.Detail) })]);
        }
    }

    private static string Summary(MachineChangesResult result)
    {
        if (result.Items.Count == 0)
        {
            return "No machine is selected; 'mayuctl list' with the same options shows which are";
        }

        var (change, be) = result.IsDryRun ? ("would be changed", "would be") : ("changed", "were");
        return $"{Machines(result.Changed)} {change}, {result.Unchanged} {be} as they are, {result.Refused} {(result.IsDryRun ? "would be refused" : "refused")}";
    }

    private static string Machines(int count) => count == 1 ? "1 machine" : $"{count} machines";
}
