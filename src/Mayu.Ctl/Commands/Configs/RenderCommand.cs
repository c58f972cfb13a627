using System.CommandLine;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Client.Text;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands.Configs;

/// <summary><c>mayuctl render</c>: the provisioning config that a machine would be given now.</summary>
internal sealed class RenderCommand
{
    private const string UserData = "user-data";

    private readonly Argument<string?> _serial = CommonOptions.SerialOrNone();
    private readonly Option<string?> _profile = new("--profile") { Description = "As if the machine had this profile; without a machine: for one that nobody has", HelpName = "NAME" };
    private readonly Option<string?> _file = new("--file") { Description = "Which of cloud-init's files: meta-data, user-data (default), vendor-data or network-config", HelpName = "NAME" };
    private readonly CtlSession _session;

    private RenderCommand(CtlSession session) => _session = session;

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl render vm-001
            mayuctl render vm-001 --profile storage
            mayuctl render --profile core
            mayuctl render --profile edge --file network-config
            """;
        const string Details = "Print the provisioning config that a machine would be given now. Secrets and the id of the installation are placeholders. It needs an operator's token.";
        var render = new RenderCommand(session);
        var command = new CtlCommand("render", "Print the config of a machine or a profile", Examples, Details) { render._serial, render._profile, render._file };
        command.Validators.Add(result =>
        {
            if (result.GetResult(render._serial) is not { Tokens.Count: > 0 } && result.GetResult(render._profile) is null)
            {
                result.AddError("Name a machine, or a profile with --profile.");
            }
        });
        command.SetAction(render.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => _session.UseAsync(
        parsed,
        async client =>
        {
            if (!(await AskAsync(parsed, client, cancellation)).TryGet(out var config, out var failure))
            {
                return _session.Fail(parsed, failure);
            }

            var isPrinted = true;
            _session.Show(parsed, config, ApiJsonContext.Default.MachineConfig, () => isPrinted = Print(config, parsed.GetValue(_file)));
            return isPrinted ? ExitCode.Ok : ExitCode.NotFound;
        },
        cancellation);

    private Task<ApiResult<MachineConfig>> AskAsync(ParseResult parsed, MayuClient client, CancellationToken cancellation)
    {
        var profile = parsed.GetValue(_profile);
        return parsed.GetValue(_serial) is { } name
            ? client.ByNameAsync(name, serial => client.Configuration.OfMachineAsync(serial, profile, cancellation), isWhole: false, cancellation)
            : client.Configuration.OfProfileAsync(profile!, cancellation);
    }

    private bool Print(MachineConfig config, string? asked)
    {
        foreach (var warning in config.Warnings)
        {
            _session.Console.WriteError($"mayuctl: warning: {warning}");
        }

        var name = asked ?? (config.Files.Count == 1 ? config.Files[0].Name : UserData);
        if (config.Files.FirstOrDefault(file => file.Name == name) is not { } found)
        {
            _session.Console.WriteError($"mayuctl: the config has no file {name}; it has {string.Join(", ", config.Files.Select(file => file.Name))}");
            return false;
        }

        var text = found.Text.EndsWith('\n') ? found.Text : found.Text + "\n";
        // For a program it is as it is; a terminal would do what is in it.
        _session.Console.Out.Write(_session.Console.IsTerminal ? Shown(text) : text);
        return true;
    }

    private static string Shown(string text) => string.Join('\n', text.Split('\n').Select(line => string.Join('\t', line.Split('\t').Select(PrintableText.Escape))));
}
