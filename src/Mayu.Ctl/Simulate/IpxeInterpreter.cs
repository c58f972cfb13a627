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
    private const int MostSteps = 2000;

    // As long as iPXE itself takes a command line to be, with room to spare; a variable may be set to itself twice.
    private const int LongestCommand = 16 * 1024;

    private readonly Dictionary<string, string> _set = new(StringComparer.Ordinal);

    /// <summary>Runs a script to where it leaves it.</summary>
    public LoaderOutcome Run(string script)
    {
        var lines = script.ReplaceLineEndings("\n").Split('\n');
        if (!lines[0].StartsWith("#!ipxe", StringComparison.Ordinal))
        {
            return new LoaderOutcome.Nothing("it is no iPXE script: it does not begin with #!ipxe");
        }

        var boot = (Kernel: "", Arguments: "", Initrds: ImmutableArray<string>.Empty);
        var line = 1;
        for (var steps = 0; line < lines.Length;)
        {
            // A command is taken to succeed, so what stands behind || is not run.
            var text = lines[line++].Split("||")[0];
            foreach (var command in text.Split("&&"))
            {
                if (++steps > MostSteps || Expand(command)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not { } words)
                {
                    return new LoaderOutcome.Nothing("it runs in a circle, or its variables grow without an end");
                }

                var values = words.Where(word => !word.StartsWith("--", StringComparison.Ordinal)).ToArray();
                switch (values)
                {
                    case ["chain" or "imgexec" or "chainload", var url, ..]:
                        return new LoaderOutcome.Chain(url);
                    case ["kernel" or "imgfetch" or "linux", var url, .. var arguments]:
                        boot = (url, string.Join(' ', arguments), []);
                        break;
                    case ["initrd", var url, ..]:
                        boot.Initrds = boot.Initrds.Add(url);
                        break;
                    case ["boot"]:
                        return boot.Kernel.Length > 0 ? new LoaderOutcome.Boot(boot.Kernel, boot.Arguments, boot.Initrds) : new LoaderOutcome.Nothing("it boots without a kernel");
                    case ["boot", var url, .. var arguments]:
                        return new LoaderOutcome.Boot(url, string.Join(' ', arguments), boot.Initrds);
                    case ["exit" or "sanboot", ..]:
                        return new LoaderOutcome.LocalDisk(string.Join(' ', words));
                    case ["autoboot", ..]:
                        return new LoaderOutcome.Autoboot();
                    case ["set", var name, .. var value]:
                        _set[name] = string.Join(' ', value);
                        break;
                    case ["choose", ..]:
                        Choose(words);
                        break;
                    case ["goto", var label]:
                        line = Array.IndexOf(lines, ":" + label) + 1;
                        if (line == 0)
                        {
                            return new LoaderOutcome.Nothing($"it has no label {label}");
                        }

                        break;
                    default:
                        break;
                }
            }
        }

        return new LoaderOutcome.Nothing("it ends without starting anything");
    }

    // choose --default answer --timeout 5000 chosen
    private void Choose(string[] words)
    {
        var place = Array.IndexOf(words, "--default");
        if (place >= 0 && place + 1 < words.Length)
        {
            _set[words[^1]] = words[place + 1];
        }
    }

    // Null where it becomes too long.
    private string? Expand(string text)
    {
        long length = text.Length;
        var expanded = Variable().Replace(text, match =>
        {
            var value = ValueOf(match);
            length += value.Length;
            return length > LongestCommand ? "" : value;
        });
        return length > LongestCommand ? null : expanded;
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
