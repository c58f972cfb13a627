using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;
using Mayu.Ctl.Selection;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl reinstall</c>: has a machine installed again, after a look at what changes.</summary>
internal sealed class ReinstallCommand
{
    /// <summary>What happens to machines that are installed again, as the beginning of a question.</summary>
    public const string WhatItDoes = "Install again at the next network boot, which wipes the disk with the operating system";

    private readonly CtlSession _session;
    private readonly SharedChange _shared;
    private readonly Argument<string?> _serial = CommonOptions.SerialOrNone();
    private readonly Option<bool> _keepDisk = new("--keep-disk") { Description = "Set keep_disk_data for its config; the disk that it installs on is overwritten anyway" };
    private readonly Option<bool> _yes = CommonOptions.Yes();
    private readonly Option<string?> _reason = CommonOptions.Reason();

    private ReinstallCommand(CtlSession session) => (_session, _shared) = (session, new SharedChange(session, _yes, _reason));

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl reinstall vm-001
            mayuctl reinstall vm-001 --keep-disk --reason "new image"
            mayuctl reinstall vm-001 --yes
            mayuctl reinstall vm-001 --dry-run
            mayuctl reinstall --profile core --tag rack=7 --dry-run
            mayuctl reinstall --selector rack=7,state=running
            """;
        const string Details = "Install a machine, or all that are selected, again at the next network boot. It shows what would change and asks first; --yes does not ask, and needs the whole serial or a MAC.";
        var reinstall = new ReinstallCommand(session);
        var command = new CtlCommand("reinstall", "Install a machine again", Examples, Details, CtlCommand.OfOne) { reinstall._serial, reinstall._keepDisk, reinstall._yes, reinstall._reason };
        reinstall._shared.AddTo(command, reinstall._serial);
        command.SetAction(reinstall.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => parsed.GetValue(_serial) is { } name && !_shared.IsMeant(parsed)
        ? RunAsync(parsed, name, cancellation)
        : _shared.RunAsync(parsed, parsed.GetValue(_serial), new MachineChangesRequest { State = ChangeOf(parsed) }, WhatItDoes, cancellation);

    private StateChangeRequest ChangeOf(ParseResult parsed) => new() { State = MachineStates.Configured, KeepDiskData = parsed.GetValue(_keepDisk) };

    private Task<int> RunAsync(ParseResult parsed, string name, CancellationToken cancellation) => _session.UseAsync(
        parsed,
        async client =>
        {
            string? shown = null;
            if (!parsed.GetValue(_yes))
            {
                var (machine, ended) = await _session.AgreeAsync(parsed, client, name, found => AskAsync(parsed, found, cancellation), cancellation);
                if (machine is null)
                {
                    return ended;
                }

                (name, shown) = (machine.Serial, machine.Tag);
            }

            var change = ChangeOf(parsed) with { Reason = parsed.GetValue(_reason) };
            var changed = await client.ByNameAsync(name, serial => client.SetStateAsync(serial, change, shown, cancellation), isWhole: true, cancellation);
            if (!changed.TryGet(out var after, out var failure))
            {
                return _session.Fail(parsed, failure);
            }

            _session.Show(
                parsed, after, ApiJsonContext.Default.Machine, () => _session.WriteLine($"{after.Serial} is {after.State}: its next network boot installs it"), it => it.Serial);
            return ExitCode.Ok;
        },
        cancellation);

    private Task<int?> AskAsync(ParseResult parsed, Machine found, CancellationToken cancellation)
    {
        MachineComparison.PrintInstallation(_session.Console.BesideQuestions, found, parsed.GetValue(_keepDisk));
        return _session.ConfirmAsync($"Install {found.Serial} again at its next network boot?", "Nothing was changed.", cancellation);
    }
}
