using System.CommandLine;
using System.CommandLine.Parsing;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;
using Mayu.Ctl.Selection;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl set SERIAL PROPERTY VALUE</c>: an operator's word about a machine.</summary>
internal sealed class SetCommand
{
    private const string State = "state";
    private const string Enabled = "enabled";
    private const string Notes = "notes";

    // The first mayuctl's name for the override of the same purpose.
    private const string EtcdToken = "etcdtoken";

    private readonly CtlSession _session;
    private readonly SharedChange _shared;
    private readonly Argument<string> _serial = new("serial") { Description = "The machine's serial, its beginning, or a MAC; leave it out where machines are selected" };
    private readonly Argument<string> _property = new("property") { HelpName = "property", Description = "What to set: " + string.Join(", ", Properties) };

    private readonly Argument<string?> _value = new("value")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = $"state: {string.Join(", ", MachineStates.All)}. enabled: true or false. metadata: all its tags, separated by commas; tags that are not named are removed. "
            + "macs: all its MACs, separated by commas, the boot interface's first. providerid, cabinet, notes, metadata, uuid, etcdtoken: \"\" removes it",
    };

    private readonly Option<bool> _keepDiskData = new("--keep-disk-data") { Description = "With state configured: set keep_disk_data for its config; the disk that it installs on is overwritten anyway" };
    private readonly Option<string?> _reason = CommonOptions.Reason();
    private readonly Option<bool> _yes = CommonOptions.Yes();

    private SetCommand(CtlSession session) => (_session, _shared) = (session, new SharedChange(session, _yes, _reason));

    private static IReadOnlyList<string> Properties { get; } = [State, "profile", Enabled, "metadata", "hostname", "address", "ipmiaddr", "macs", "uuid", "providerid", "cabinet", Notes, EtcdToken];

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl set vm-001 state configured
            mayuctl set vm-001 state configured --yes --reason "new image"
            mayuctl set vm-001 state configured --keep-disk-data
            mayuctl set vm-001 profile storage
            mayuctl set vm-001 enabled false --reason "broken fan"
            mayuctl set vm-001 metadata role=core,rack=7
            mayuctl set vm-001 macs 52:54:00:12:34:56,52:54:00:12:34:57
            mayuctl set vm-001 cabinet ""
            mayuctl set vm-001 notes "PSU 2 is broken, spare ordered"
            mayuctl set --tag rack=7 profile storage --dry-run
            mayuctl set --selector rack=7,state=running enabled false
            """;
        const string Details = "Change a property of a machine, or of all that are selected. State 'configured' reinstalls it at its next network boot.";
        var set = new SetCommand(session);
        set._property.CompletionSources.Add([.. Properties]);
        var command = new CtlCommand("set", "Change a machine, or have it reinstalled", Examples, Details, formats: CtlCommand.OfOne) { set._serial, set._property, set._value, set._keepDiskData, set._yes, set._reason };
        set._shared.AddOptionsTo(command);
        command.Validators.Add(set.CheckWords);
        command.SetAction(set.RunAsync);
        return command;
    }

    private void CheckWords(CommandResult result)
    {
        string[] words = [.. new[] { result.GetResult(_serial), result.GetResult(_property), result.GetResult(_value) }.SelectMany(argument => argument?.Tokens ?? []).Select(token => token.Value)];
        var isSelected = _shared.Selection.IsGiven(result);
        if (words.Length != (isSelected ? 2 : 3))
        {
            result.AddError(isSelected
                ? "Give a property and a value; the machines are those that are selected."
                : "Give a serial, a property and a value; or a property and a value, and select machines with --selector, --profile, --state or --tag.");
            return;
        }

        var (property, value) = (words[^2], words[^1]);
        if (!Properties.Contains(property, StringComparer.Ordinal))
        {
            result.AddError(ParseErrorText.Nearest(property, Properties) is { } meant
                ? $"'{property}' is not a property; did you mean '{meant}'?"
                : $"'{property}' is not a property. The properties are: {string.Join(", ", Properties)}.");
            return;
        }

        if (property == State && !MachineStates.All.Contains(value, StringComparer.Ordinal))
        {
            result.AddError($"'{value}' is not a state. The states are: {string.Join(", ", MachineStates.All)}.");
        }
        else if (property == Enabled && value is not ("true" or "false"))
        {
            result.AddError($"enabled must be true or false, not '{value}'.");
        }
        else if (property != State && result.GetResult(_keepDiskData) is { Implicit: false })
        {
            result.AddError("--keep-disk-data is only allowed with the state configured.");
        }
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (serial, property) = (parsed.GetRequiredValue(_serial), parsed.GetRequiredValue(_property));
        return !_shared.IsMeant(parsed) ? RunAsync(parsed, serial, cancellation)
            // Where machines are selected, the words stand a place further to the left.
            : _shared.Selection.Text(parsed) is not null ? RunSharedAsync(parsed, null, serial, property, cancellation)
            : RunSharedAsync(parsed, serial, property, parsed.GetValue(_value)!, cancellation);
    }

    private Task<int> RunSharedAsync(ParseResult parsed, string? serial, string property, string value, CancellationToken cancellation) => _shared.RunAsync(
        parsed,
        serial,
        SharedOf(parsed, property, value),
        property == State && value == MachineStates.Configured ? ReinstallCommand.WhatItDoes : $"Set {property} to {value}",
        cancellation);

    private MachineChangesRequest SharedOf(ParseResult parsed, string property, string value) => property switch
    {
        State => new() { State = new StateChangeRequest { State = value, KeepDiskData = parsed.GetValue(_keepDiskData) } },
        EtcdToken => new() { Override = new MachineOverride { Name = MachineField.EtcdTokenOverride, Value = value.Length == 0 ? null : value } },
        _ => new() { Change = ChangeOf(property, value) },
    };

    private Task<int> RunAsync(ParseResult parsed, string name, CancellationToken cancellation) => _session.UseAsync(
        parsed,
        async client =>
        {
            // To install a machine that has its operating system wipes it.
            var wipes = parsed.GetRequiredValue(_property) == State && parsed.GetValue(_value)! == MachineStates.Configured;
            string? shown = null;
            if (wipes && !parsed.GetValue(_yes))
            {
                var (found, ended) = await _session.AgreeAsync(parsed, client, name, one => AskAsync(parsed, one, cancellation), cancellation);
                if (found is null)
                {
                    return ended;
                }

                (name, shown) = (found.Serial, found.Tag);
            }

            if (!(await client.ByNameAsync(name, serial => SendAsync(parsed, client, serial, shown, cancellation), isWhole: wipes, cancellation)).TryGet(out var machine, out var failure))
            {
                return _session.Fail(parsed, failure);
            }

            _session.Show(parsed, machine, ApiJsonContext.Default.Machine, () => _session.WriteLine(Tell(parsed.GetRequiredValue(_property), machine)), it => it.Serial);
            if (machine.Warning is { } warning)
            {
                _session.Console.WriteError($"warning: {warning}");
            }

            return ExitCode.Ok;
        },
        cancellation);

    private async Task<int?> AskAsync(ParseResult parsed, Machine machine, CancellationToken cancellation)
    {
        if (machine.State is not (MachineStates.Installed or MachineStates.Running))
        {
            return null;
        }

        MachineComparison.PrintInstallation(_session.Console.BesideQuestions, machine, parsed.GetValue(_keepDiskData));
        return await _session.ConfirmAsync(
            $"{machine.Serial} is {machine.State}. Install it again at its next network boot, which wipes the disk with its operating system?", "Nothing was changed.", cancellation);
    }

    private Task<ApiResult<Machine>> SendAsync(ParseResult parsed, MayuClient client, string serial, string? shown, CancellationToken cancellation)
    {
        var (property, value) = (parsed.GetRequiredValue(_property), parsed.GetValue(_value)!);
        var reason = parsed.GetValue(_reason);
        if (property == EtcdToken)
        {
            return value.Length == 0
                ? client.RemoveOverrideAsync(serial, MachineField.EtcdTokenOverride, reason, cancellation)
                : client.SetOverrideAsync(serial, MachineField.EtcdTokenOverride, new OverrideRequest { Value = value, Reason = reason }, cancellation);
        }

        return property == State
            ? client.SetStateAsync(serial, new StateChangeRequest { State = value, KeepDiskData = parsed.GetValue(_keepDiskData), Reason = reason }, shown, cancellation)
            : client.ChangeMachineAsync(serial, ChangeOf(property, value) with { Reason = reason }, cancellation);
    }

    private static MachineChangeRequest ChangeOf(string property, string value) => property switch
    {
        "profile" => new() { Profile = value },
        Enabled => new() { Enabled = value == "true" },
        "metadata" => new() { Metadata = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) },
        "hostname" => new() { Hostname = value },
        "address" => new() { InternalAddress = value },
        "ipmiaddr" => new() { BmcAddress = value },
        "macs" => new() { MacAddresses = [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(MachineName.UsualMac)] },
        "uuid" => new() { Uuid = value },
        "providerid" => new() { ProviderId = value },
        Notes => new() { Notes = value },
        _ => new() { Cabinet = value },
    };

    private static string Tell(string property, Machine machine) => property switch
    {
        State => $"{machine.Serial} is {machine.State}: {NextOf(machine)}",
        "profile" when machine.State is MachineStates.Installed or MachineStates.Running =>
            $"{machine.Serial} has profile {machine.Profile}: it takes effect at its next installation",
        "profile" => $"{machine.Serial} has profile {machine.Profile}",
        Enabled => machine.Enabled ? $"{machine.Serial} is enabled" : $"{machine.Serial} is disabled: it boots nothing from the network",
        "metadata" => machine.Metadata.Count > 0 ? $"{machine.Serial} has the tags {string.Join(", ", machine.Metadata)}, and no others" : $"{machine.Serial} has no tags",
        "hostname" => $"{machine.Serial} has the host name {machine.Hostname}",
        "address" => $"{machine.Serial} has the address {machine.InternalAddress}",
        "ipmiaddr" => $"{machine.Serial} has the BMC address {machine.BmcAddress}",
        "macs" => $"{machine.Serial} has the MACs {string.Join(", ", machine.MacAddresses)}",
        "uuid" => $"{machine.Serial} has the UUID {machine.Uuid ?? "(none)"}",
        "providerid" => $"{machine.Serial} has the provider id {machine.ProviderId ?? "(none)"}",
        Notes => machine.Notes is null ? $"{machine.Serial} has no notes" : $"{machine.Serial} has these notes: {machine.Notes}",
        EtcdToken => $"{machine.Serial} {(machine.Overrides.ContainsKey(MachineField.EtcdTokenOverride) ? "has" : "no longer has")} an etcd token of its own: it takes effect at its next installation",
        _ => $"{machine.Serial} has the cabinet {machine.Cabinet ?? "(none)"}",
    };

    private static string NextOf(Machine machine) => machine.State switch
    {
        MachineStates.Unknown => "its next network boot collects its facts",
        MachineStates.Configured when machine.KeepDiskData => "its next network boot installs it, with keep_disk_data set for its config",
        MachineStates.Configured or MachineStates.Installing => "its next network boot installs it",
        _ => "it boots from its own disk",
    };
}
