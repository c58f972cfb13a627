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
    public LoaderOutcome Run(string configuration) => ScriptLimits.Run(() => RunStatements(configuration));

    private LoaderOutcome RunStatements(string configuration)
    {
        var boot = (Kernel: "", Arguments: "", Initrds: ImmutableArray<string>.Empty);
        var (skips, steps) = (0, 0);
        foreach (var statement in new GrubStatements(configuration, _set).All())
        {
            ScriptLimits.Demand(++steps <= ScriptLimits.MostLines, $"it has more than {ScriptLimits.MostLines} statements");
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
                    ScriptLimits.Set(_set, parts[0], parts.Length > 1 ? parts[1] : "");
                    break;
                case ["linux" or "linuxefi", var kernel, .. var arguments]:
                    boot = (kernel, string.Join(' ', arguments), []);
                    break;
                case ["initrd" or "initrdefi", .. var initrds]:
                    ScriptLimits.Demand(initrds.Length <= ScriptLimits.MostInitrds, $"it loads more than {ScriptLimits.MostInitrds} initial RAM disks");
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

        return boot.Kernel.Length > 0 ? new LoaderOutcome.Boot(boot.Kernel, boot.Arguments, boot.Initrds) : new LoaderOutcome.Nothing("it ends without starting anything");
    }
}
