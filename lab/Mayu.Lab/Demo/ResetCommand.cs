using System.CommandLine;
using Mayu.Lab.Rack;

namespace Mayu.Lab.Demo;

/// <summary><c>mayu-lab reset</c>: the reset button of a machine of a demo that runs. The demo leaves a script for each machine, which names the socket.</summary>
internal static class ResetCommand
{
    private const string Network = "network";
    private const string Disk = "disk";

    public static Command Create()
    {
        var socket = new Argument<string>("socket") { Description = "QEMU's control socket of the machine." };
        var first = new Argument<string?>("first") { Description = "What its firmware tries first from now on.", Arity = ArgumentArity.ZeroOrOne };
        first.CompletionSources.Add(Network, Disk);
        first.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not (Network or Disk) and var word }])
            {
                result.AddError($"a machine boots from {Network} or {Disk} first, not from '{word}'");
            }
        });
        var command = new Command("reset", "Presses the reset button of a machine of a running demo.") { socket, first };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                BootOrder? order = parsed.GetValue(first) switch { Network => BootOrder.NetworkFirst, Disk => BootOrder.DiskFirst, _ => null };
                await QemuControl.ResetAsync(parsed.GetRequiredValue(socket), order, cancellation);
                return 0;
            }
            catch (LabException failure)
            {
                await Console.Error.WriteLineAsync("mayu-lab: error: " + failure.Message);
                return 1;
            }
        });
        return command;
    }

    /// <summary>The script that presses a machine's reset button.</summary>
    public static string ScriptOf(RackMachine machine) => Path.Combine(Path.GetDirectoryName(machine.Console.Path)!, "reset");

    /// <summary>Writes it.</summary>
    public static async Task WriteScriptAsync(RackMachine machine, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(ScriptOf(machine), $"""
            #!/bin/sh
            # Presses the reset button of {machine.Serial}. With "{Network}" or "{Disk}", its firmware tries that first from then on.
            exec dotnet '{Path.Combine(AppContext.BaseDirectory, "mayu-lab.dll")}' reset '{machine.ControlSocket}' "$@"

            """, cancellation);
        File.SetUnixFileMode(ScriptOf(machine), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
