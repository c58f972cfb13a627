using System.Collections.Immutable;

namespace Mayu.Ctl.Simulate;

/// <summary>Runs a PXELINUX configuration as far as a simulation needs it: its default label, which loads something or starts the disk.</summary>
internal static class PxelinuxInterpreter
{
    /// <summary>What its default label does.</summary>
    public static LoaderOutcome Run(string configuration) => ScriptLimits.Run(() => RunLabel(configuration));

    private static LoaderOutcome RunLabel(string configuration)
    {
        var texts = configuration.ReplaceLineEndings("\n").Split('\n', ScriptLimits.MostLines + 1);
        ScriptLimits.Demand(texts.Length <= ScriptLimits.MostLines, $"it has more than {ScriptLimits.MostLines} lines");
        ScriptLimits.DemandLength(texts.Max(text => text.Length));
        var lines = texts.Select(line => line.Trim().Split(' ', 2, StringSplitOptions.TrimEntries))
            .Where(words => words[0].Length > 0).Select(words => (Keyword: words[0].ToUpperInvariant(), Value: words.Length > 1 ? words[1] : "")).ToList();
        var label = lines.FirstOrDefault(line => line.Keyword == "DEFAULT").Value;
        if (label is not { Length: > 0 })
        {
            return new LoaderOutcome.Nothing("it has no DEFAULT");
        }

        var body = lines.SkipWhile(line => !(line.Keyword == "LABEL" && line.Value == label)).Skip(1).TakeWhile(line => line.Keyword != "LABEL").ToList();
        if (body.Any(line => line.Keyword == "LOCALBOOT"))
        {
            return new LoaderOutcome.LocalDisk("LOCALBOOT");
        }

        return body.FirstOrDefault(line => line.Keyword is "KERNEL" or "LINUX").Value is { Length: > 0 } kernel
            ? new LoaderOutcome.Boot(
                kernel,
                body.FirstOrDefault(line => line.Keyword == "APPEND").Value ?? "",
                InitrdsOf(body.FirstOrDefault(line => line.Keyword == "INITRD").Value ?? ""))
            : new LoaderOutcome.Nothing($"its label {label} starts no kernel");
    }

    private static ImmutableArray<string> InitrdsOf(string value)
    {
        var initrds = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
        ScriptLimits.Demand(initrds.Length <= ScriptLimits.MostInitrds, $"it loads more than {ScriptLimits.MostInitrds} initial RAM disks");
        return [.. initrds];
    }
}
