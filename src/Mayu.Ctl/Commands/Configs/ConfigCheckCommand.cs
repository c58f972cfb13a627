using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Primitives;

namespace Mayu.Ctl.Commands.Configs;

/// <summary><c>mayuctl config-check</c>: the server checks its configuration file without loading it.</summary>
internal static class ConfigCheckCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl config-check
            mayuctl config-check -o json
            mayuctl config-check -o json | jq '.findings[] | {source, line, message}'
            """;
        const string Details = "Have the server check its configuration file on its disk, and all that it names, without loading it. Configs of all profiles and known machines are rendered. "
            + "With an error it ends with 1; warnings and notes are no errors.";
        var command = new CtlCommand("config-check", "Check the server's configuration file", Examples, Details);
        command.SetAction((parsed, cancellation) => session.UseAsync(
            parsed,
            async client =>
            {
                if (!(await client.Configuration.CheckAsync(cancellation)).TryGet(out var check, out var failure))
                {
                    return session.Fail(parsed, failure);
                }

                var errors = check.Findings.Count(finding => finding.Severity == ConfigFinding.Error);
                session.Show(parsed, check, ApiJsonContext.Default.ConfigCheckResult, () => Tell(session, check, errors));
                return errors > 0 ? ExitCode.Failed : ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static void Tell(CtlSession session, ConfigCheckResult check, int errors)
    {
        foreach (var finding in check.Findings)
        {
            // A template names itself in the sentence.
            var place = !check.IsValid && finding.Source is { } source ? $"{source}{(finding.Line is { } line ? $":{line}" : "")}{(finding.Column is { } column ? $":{column}" : "")}: " : "";
            session.Console.WriteSentence($"{finding.Severity}: {place}{(finding.Key is { } key ? $"{key}: " : "")}{finding.Message}", indent: 2);
        }

        session.WriteLine(
            !check.IsValid ? $"{check.File} is not valid: {Counted.Of(errors, "problem")}"
            : errors > 0 ? $"{check.File} is valid, but {Counted.Of(errors, "thing")} that the server or its machines will need {(errors == 1 ? "is" : "are")} missing or broken"
            : $"{check.File}: ok{(check.Machines > 0 ? $", and so are the configs of {Counted.Of(check.Machines, "known machine")}" : "")}");
    }
}
