using System.CommandLine;
using System.CommandLine.Parsing;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl override</c>: a template variable for one machine.</summary>
internal sealed class OverrideCommand(CtlSession session)
{
    private const string FromInput = "-";

    private readonly Argument<string> _serial = CommonOptions.Serial();
    private readonly Argument<string?> _name = new("name") { Description = "The variable's name", Arity = ArgumentArity.ZeroOrOne };

    private readonly Argument<string?> _value = new("value")
    {
        Description = "Its value; '-' reads it from stdin. It has the type that the variable has in vars: text, number, true or false",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _remove = new("--remove") { Description = "Remove this variable", HelpName = "NAME" };
    private readonly Option<string?> _reason = CommonOptions.Reason();

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl override vm-001 swap_size 8G
            mayuctl override vm-001 motd - < motd.txt
            mayuctl override vm-001 --remove swap_size
            """;
        var one = new OverrideCommand(session);
        const string Details = "Set a template variable for one machine. It takes effect at its next installation. It is no place for a secret, because it stays in the history and is shown by the API: use the key `secrets` of the configuration, with a file per machine if need be.";
        var command = new CtlCommand("override", "Set a template variable for one machine", Examples, Details, formats: CtlCommand.OfOne) { one._serial, one._name, one._value, one._remove, one._reason };
        command.Validators.Add(one.Check);
        command.SetAction(one.RunAsync);
        return command;
    }

    private void Check(CommandResult result)
    {
        var given = (result.GetResult(_name)?.Tokens.Count ?? 0) + (result.GetResult(_value)?.Tokens.Count ?? 0);
        var removes = result.GetResult(_remove) is { Implicit: false };
        if (removes ? given > 0 : given < 2)
        {
            result.AddError("Give a name and a value, or --remove NAME.");
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var reason = parsed.GetValue(_reason);
        if (parsed.GetValue(_remove) is { } removed)
        {
            return await AskAsync(
                parsed, (client, serial) => client.RemoveOverrideAsync(serial, removed, reason, cancellation), $"no longer has the override {removed}", cancellation);
        }

        var name = parsed.GetRequiredValue(_name)!;
        var value = parsed.GetRequiredValue(_value)!;
        if (value == FromInput)
        {
            if (session.Console.IsAttended)
            {
                session.Console.WriteError($"Reading the value of {name} from the terminal, up to Ctrl-D at the beginning of a line.");
            }

            // A line's end is the editor's or echo's, not the value's.
            value = (await session.Console.ReadAllAsync(cancellation)).TrimEnd('\r', '\n');
        }

        return await AskAsync(
            parsed,
            (client, serial) => client.SetOverrideAsync(serial, name, new OverrideRequest { Value = value, Reason = reason }, cancellation),
            $"has the override {name}: it takes effect at its next installation",
            cancellation);
    }

    private Task<int> AskAsync(ParseResult parsed, Func<MayuClient, string, Task<ApiResult<Machine>>> ask, string done, CancellationToken cancellation) => session.AskAboutAsync(
        parsed,
        parsed.GetRequiredValue(_serial),
        ask,
        machine => session.Show(parsed, machine, ApiJsonContext.Default.Machine, () => Tell(machine, done), it => it.Serial),
        cancellation);

    private void Tell(Machine machine, string done)
    {
        session.WriteLine($"{machine.Serial} {done}");
        if (machine.Warning is { } warning)
        {
            session.Console.WriteError($"mayuctl: warning: {warning}");
        }
    }
}
