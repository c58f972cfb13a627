using System.Collections.Immutable;

namespace Mayu.Ctl.Simulate;

/// <summary>
/// Runs a GRUB configuration as far as a simulation needs it: variables, quotes, and the commands that load something. Conditions are
/// taken to hold.
/// </summary>
/// <param name="variables">GRUB's own variables.</param>
internal sealed class GrubInterpreter(IReadOnlyDictionary<string, string> variables)
{
    private static readonly string[] Keywords = ["if", "then", "do", "elif", "{"];

    private readonly Dictionary<string, string> _set = new(variables, StringComparer.Ordinal);

    /// <summary>Runs a configuration to where it leaves it.</summary>
    public LoaderOutcome Run(string configuration)
    {
        var boot = (Kernel: "", Arguments: "", Initrds: ImmutableArray<string>.Empty);
        var skips = 0;
        var statements = new GrubStatements(configuration, _set);
        foreach (var statement in statements.All())
        {
            var words = statement.SkipWhile(Keywords.Contains).ToArray();
            // Conditions hold, so what stands behind else is not run.
            skips = words switch { ["else", ..] when skips == 0 => 1, ["if", ..] when skips > 0 => skips + 1, ["fi", ..] when skips > 0 => skips - 1, _ => skips };
            if (skips > 0)
            {
                continue;
            }

            switch (words)
            {
                case ["set", var assignment]:
                    var parts = assignment.Split('=', 2);
                    _set[parts[0]] = parts.Length > 1 ? parts[1] : "";
                    break;
                case ["linux" or "linuxefi", var kernel, .. var arguments]:
                    boot = (kernel, string.Join(' ', arguments), []);
                    break;
                case ["initrd" or "initrdefi", .. var initrds]:
                    boot.Initrds = [.. initrds];
                    break;
                case ["boot"] when boot.Kernel.Length > 0:
                    return new LoaderOutcome.Boot(boot.Kernel, boot.Arguments, boot.Initrds);
                case ["configfile", var file]:
                    return new LoaderOutcome.Chain(file);
                case ["chainloader" or "exit", ..]:
                    return new LoaderOutcome.LocalDisk(words[0]);
                default:
                    break;
            }
        }

        if (statements.IsTooLong)
        {
            return new LoaderOutcome.Nothing("a word of it becomes too long with its variables");
        }

        return boot.Kernel.Length > 0 ? new LoaderOutcome.Boot(boot.Kernel, boot.Arguments, boot.Initrds) : new LoaderOutcome.Nothing("it ends without starting anything");
    }
}
