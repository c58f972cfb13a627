using System.CommandLine;
using System.CommandLine.Parsing;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Selection;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl override</c>: a template variable for one machine, or for all that are selected.</summary>
internal sealed class OverrideCommand
{
    private const string FromInput = "-";

    private readonly CtlSession _session;
    private readonly SharedChange _shared;
    private readonly Argument<string?> _serial = new("serial") { Description = "The machine's serial, its beginning, or a MAC; leave it out where machines are selected", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _name = new("name") { Description = "The variable's name", Arity = ArgumentArity.ZeroOrOne };

    private readonly Argument<string?> _value = new("value")
    {
        Description = "Its value; '-' reads it from stdin. It has the type that the variable has in vars: text, number, true or false",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _remove = new("--remove") { Description = "Remove this variable", HelpName = "NAME" };
    private readonly Option<bool> _yes = CommonOptions.Yes();
    private readonly Option<string?> _reason = CommonOptions.Reason();

    private OverrideCommand(CtlSession session) => (_session, _shared) = (session, new SharedChange(session, _yes, _reason));

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl override vm-001 swap_size 8G
            mayuctl override vm-001 motd - < motd.txt
            mayuctl override vm-001 --remove swap_size
            mayuctl override --tag rack=7 swap_size 8G --dry-run
            mayuctl override --selector rack=7,state=running swap_size 8G
            mayuctl override --tag rack=7 --remove swap_size --yes
            """;
        const string Details = "Set a template variable for one machine, or for all that are selected. It takes effect at the next installation. It is no place for a secret, because it stays in the history and is shown by the API: use the key `secrets` of the configuration, with a file per machine if need be.";
        var one = new OverrideCommand(session);
        var command = new CtlCommand("override", "Set a template variable of machines", Examples, Details, formats: CtlCommand.OfOne) { one._serial, one._name, one._value, one._remove, one._yes, one._reason };
        one._shared.AddOptionsTo(command);
        command.Validators.Add(one.Check);
        command.SetAction(one.RunAsync);
        return command;
    }

    private void Check(CommandResult result)
    {
        var words = new[] { result.GetResult(_serial), result.GetResult(_name), result.GetResult(_value) }.Sum(argument => argument?.Tokens.Count ?? 0);
        var (isSelected, removes) = (_shared.Selection.IsGiven(result), result.GetResult(_remove) is { Implicit: false });
        if (words != (isSelected ? 0 : 1) + (removes ? 0 : 2))
        {
            result.AddError(isSelected
                ? "Give a name and a value, or --remove NAME; the machines are those that are selected."
                : "Give a serial, a name and a value, or a serial and --remove NAME; or leave the serial out, and select machines with --selector, --profile, --state or --tag.");
        }
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (first, second, third) = (parsed.GetValue(_serial), parsed.GetValue(_name), parsed.GetValue(_value));
        return !_shared.IsMeant(parsed) ? RunOneAsync(parsed, cancellation)
            // Where machines are selected, the words stand a place further to the left.
            : _shared.Selection.Text(parsed) is not null ? RunSharedAsync(parsed, null, first, second, cancellation)
            : RunSharedAsync(parsed, first, second, third, cancellation);
    }

    private async Task<int> RunSharedAsync(ParseResult parsed, string? serial, string? name, string? value, CancellationToken cancellation)
    {
        var change = parsed.GetValue(_remove) is { } removed
            ? new MachineOverride { Name = removed }
            : new MachineOverride { Name = name!, Value = await ReadAsync(name!, value!, cancellation) };
        return await _shared.RunAsync(
            parsed,
            serial,
            new MachineChangesRequest { Override = change },
            change.Value is null ? $"Remove the override {change.Name}" : $"Set the override {change.Name}, for the next installation",
            cancellation);
    }

    private async Task<int> RunOneAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var reason = parsed.GetValue(_reason);
        if (parsed.GetValue(_remove) is { } removed)
        {
            return await AskAsync(
                parsed, (client, serial) => client.RemoveOverrideAsync(serial, removed, reason, cancellation), $"no longer has the override {removed}", cancellation);
        }

        var name = parsed.GetRequiredValue(_name)!;
        var value = await ReadAsync(name, parsed.GetRequiredValue(_value)!, cancellation);
        return await AskAsync(
            parsed,
            (client, serial) => client.SetOverrideAsync(serial, name, new OverrideRequest { Value = value, Reason = reason }, cancellation),
            $"has the override {name}: it takes effect at its next installation",
            cancellation);
    }

    private async Task<string> ReadAsync(string name, string value, CancellationToken cancellation)
    {
        if (value != FromInput)
        {
            return value;
        }

        if (_session.Console.IsAttended)
        {
            _session.Console.WriteError($"Reading the value of {name} from the terminal, up to Ctrl-D at the beginning of a line.");
        }

        // A line's end is the editor's or echo's, not the value's.
        return (await _session.Console.ReadAllAsync(cancellation)).TrimEnd('\r', '\n');
    }

    private Task<int> AskAsync(ParseResult parsed, Func<MayuClient, string, Task<ApiResult<Machine>>> ask, string done, CancellationToken cancellation) => _session.AskAboutAsync(
        parsed,
        parsed.GetRequiredValue(_serial)!,
        ask,
        machine => _session.Show(parsed, machine, ApiJsonContext.Default.Machine, () => Tell(machine, done), it => it.Serial),
        cancellation);

    private void Tell(Machine machine, string done)
    {
        _session.WriteLine($"{machine.Serial} {done}");
        if (machine.Warning is { } warning)
        {
            _session.Console.WriteError($"mayuctl: warning: {warning}");
        }
    }
}
