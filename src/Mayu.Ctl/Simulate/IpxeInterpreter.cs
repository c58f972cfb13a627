using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Mayu.Ctl.Simulate;

/// <summary>
/// Runs an iPXE script as far as a simulation needs it: variables, labels, and the commands that load something. Every command is taken
/// to succeed; at a menu the default is chosen.
/// </summary>
/// <param name="variables">iPXE's own variables by name, without modifiers.</param>
internal sealed partial class IpxeInterpreter(IReadOnlyDictionary<string, string> variables)
{
    private readonly Dictionary<string, string> _set = new(StringComparer.Ordinal);
    private string[] _lines = [];
    private int _line;
    private string _kernel = "";
    private string _arguments = "";
    private ImmutableArray<string> _initrds = [];

    /// <summary>Runs a script to where it leaves it.</summary>
    public LoaderOutcome Run(string script) => ScriptLimits.Run(() => RunLines(script));

    private LoaderOutcome RunLines(string script)
    {
        _lines = script.ReplaceLineEndings("\n").Split('\n', ScriptLimits.MostLines + 1);
        ScriptLimits.Demand(_lines.Length <= ScriptLimits.MostLines, $"it has more than {ScriptLimits.MostLines} lines");
        if (!_lines[0].StartsWith("#!ipxe", StringComparison.Ordinal))
        {
            return new LoaderOutcome.Nothing("it is no iPXE script: it does not begin with #!ipxe");
        }

        var steps = 0;
        for (_line = 1; _line < _lines.Length;)
        {
            // A command is taken to succeed, so what stands behind || is not run.
            ScriptLimits.DemandLength(_lines[_line].Length);
            var text = _lines[_line++].Split("||", 2)[0];
            foreach (var command in text.Split("&&"))
            {
                ScriptLimits.Demand(++steps <= ScriptLimits.MostSteps, $"it runs in a circle: {ScriptLimits.MostSteps} commands started nothing");
                if (Step(Expand(command).Split(' ', StringSplitOptions.RemoveEmptyEntries)) is { } outcome)
                {
                    return outcome;
                }
            }
        }

        return new LoaderOutcome.Nothing("it ends without starting anything");
    }

    // What the script leaves with, if it does.
    private LoaderOutcome? Step(string[] words)
    {
        var values = words.Where(word => !word.StartsWith("--", StringComparison.Ordinal)).ToArray();
        switch (values)
        {
            case ["chain" or "imgexec" or "chainload", var url, ..]:
                return new LoaderOutcome.Chain(url);
            case ["kernel" or "imgfetch" or "linux", var url, .. var arguments]:
                (_kernel, _arguments, _initrds) = (url, string.Join(' ', arguments), []);
                return null;
            case ["initrd", var url, ..]:
                _initrds = _initrds.Add(url);
                ScriptLimits.Demand(_initrds.Length <= ScriptLimits.MostInitrds, $"it loads more than {ScriptLimits.MostInitrds} initial RAM disks");
                return null;
            case ["boot"]:
                return _kernel.Length > 0 ? new LoaderOutcome.Boot(_kernel, _arguments, _initrds) : new LoaderOutcome.Nothing("it boots without a kernel");
            case ["boot", var url, .. var arguments]:
                return new LoaderOutcome.Boot(url, string.Join(' ', arguments), _initrds);
            case ["exit" or "sanboot", ..]:
                return new LoaderOutcome.LocalDisk(string.Join(' ', words));
            case ["autoboot", ..]:
                return new LoaderOutcome.Autoboot();
            case ["set", var name, .. var value]:
                ScriptLimits.Set(_set, name, string.Join(' ', value));
                return null;
            case ["choose", ..]:
                Choose(words);
                return null;
            case ["goto", var label]:
                _line = Array.IndexOf(_lines, ":" + label) + 1;
                return _line == 0 ? new LoaderOutcome.Nothing($"it has no label {label}") : null;
            default:
                return null;
        }
    }

    // choose --default answer --timeout 5000 chosen
    private void Choose(string[] words)
    {
        var place = Array.IndexOf(words, "--default");
        if (place >= 0 && place + 1 < words.Length)
        {
            ScriptLimits.Set(_set, words[^1], words[place + 1]);
        }
    }

    private string Expand(string text)
    {
        var length = text.Length;
        return Variable().Replace(text, match =>
        {
            var value = ValueOf(match);
            ScriptLimits.DemandLength(length += value.Length);
            return value;
        });
    }

    private string ValueOf(Match match)
    {
        var name = Interface().Replace(match.Groups["name"].Value, "netX/");
        var value = _set.GetValueOrDefault(name) ?? variables.GetValueOrDefault(name) ?? variables.GetValueOrDefault("netX/" + name) ?? "";
        return match.Groups["type"].Value switch
        {
            "uristring" => Uri.EscapeDataString(value),
            "hexhyp" => value.Replace(':', '-').ToLower(CultureInfo.InvariantCulture),
            "hexraw" => value.Replace(":", "", StringComparison.Ordinal),
            _ => value,
        };
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z0-9_./-]+)(:(?<type>[a-z0-9]+))?\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^net\d+/", RegexOptions.None, 1000)]
    private static partial Regex Interface();
}
