using System.CommandLine;
using System.Text.Json;
using Mayu.Core.Provisioning;
using Mayu.Primitives;
using Mayu.Server.Diff;
using Mayu.Server.Preview;
using Mayu.Storage.Git;

namespace Mayu.Server;

/// <summary><c>mayu diff</c>: whose configs a change of the configuration or of templates changes.</summary>
internal static class DiffCommand
{
    private const int MostNamed = 3;

    // As diff(1) and git diff --exit-code have it.
    private const int Changes = 1;
    private const int Trouble = 2;
    private const int Broken = 3;

    public static Command Build()
    {
        var command = new HelpPage("diff", "Show which configs a change changes", """
            Show which machines get another config, and how, if one revision of the
            configuration takes the place of another. The configuration file must be in a
            git repository; so should be the folders of templates, snippets and files. The
            config of each profile and of each known machine is rendered on both sides.
            Changes that are alike are shown once. Secrets are not read: one is shown
            as SECRET-NAME, and a value that holds one is not validated.

            Examples:
              mayu diff --from HEAD
              mayu diff --from HEAD~1 --to HEAD --config ./config.yaml
              mayu diff --from main --to worktree -o json

            Exit codes:
              0  no config changes
              1  configs change
              2  the command line, the configuration or the revision is wrong
              3  a config can no longer be rendered
            """);
        var options = new ConfigurationOptions();
        options.AddTo(command);
        var from = new Option<string>("--from") { Description = "A git revision, or worktree", HelpName = "REV", Required = true };
        var to = new Option<string>("--to") { Description = "A git revision, or worktree (default)", HelpName = "REV", DefaultValueFactory = _ => DiffSide.Worktree };
        var output = new Option<string>("--output", "-o") { Description = "text (default) or json", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        output.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not ("text" or "json") } format])
            {
                result.AddError($"{result.IdentifierToken?.Value} {format.Value}: the format is text or json");
            }
        });
        foreach (var option in (Option[])[from, to, output])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            var reader = options.Read(parsed);
            try
            {
                return Run(
                    new Sides(options.FileOf(parsed), reader.Outside, parsed.GetRequiredValue(from), parsed.GetRequiredValue(to)), parsed.GetValue(output) == "json", parsed.InvocationConfiguration);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Failed(parsed.InvocationConfiguration, [e.Reason()]);
            }
        });
        return command;
    }

    private static int Run(Sides sides, bool isJson, InvocationConfiguration console)
    {
        using var repository = Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(sides.File))) ? RevisionFiles.Find(sides.File) : null;
        if (repository?.Relative(sides.File) is null)
        {
            return Failed(console, [$"{sides.File} is not in the working tree of a git repository, so there is nothing to compare it with; name another file with --config FILE"]);
        }

        if (!DiffSide.TryOpen(sides.From, sides.File, sides.Outside, repository, out var from, out var problems))
        {
            return Failed(console, problems);
        }

        using (from)
        {
            if (!DiffSide.TryOpen(sides.To, sides.File, sides.Outside, repository, out var to, out problems))
            {
                return Failed(console, problems);
            }

            using (to)
            {
                return Compare(from, to, isJson, console);
            }
        }
    }

    private static int Compare(DiffSide from, DiffSide to, bool isJson, InvocationConfiguration console)
    {
        var (records, unread) = KnownMachines.Of(to.Preview.Configuration);
        if (unread is not null)
        {
            return Failed(console, [unread]);
        }

        var groups = new ConfigDifference(from, to).Of(records.Machines);
        var report = new DiffReport
        {
            From = from.Name,
            To = to.Name,
            Changes = groups,
            Machines = records.Machines.Length,
            ChangedMachines = groups.Where(group => group.Problem is null).Sum(group => group.Machines.Count),
            BrokenMachines = groups.Where(group => group.Problem is not null).Sum(group => group.Machines.Count),
            Outside =
            [
                .. from.Outside.Concat(to.Outside).Distinct(),
                .. records.Unusable.Select(record => $"the record {record.Name} cannot be used, so its machine is not compared: {record.Reason}"),
            ],
        };
        RenderCommand.TellUnchecked(from.Preview.Unchecked.Union(to.Preview.Unchecked), console);
        if (isJson)
        {
            console.Output.WriteLine(JsonSerializer.Serialize(report, DiffJsonContext.Default.DiffReport));
        }
        else
        {
            Print(report, console);
        }

        return groups.Any(group => group.Problem is not null) ? Broken : groups.Count > 0 ? Changes : ExitCode.Ok;
    }

    private static void Print(DiffReport report, InvocationConfiguration console)
    {
        foreach (var sentence in report.Outside)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: {sentence}");
        }

        foreach (var group in report.Changes)
        {
            console.Output.WriteLine(string.Join("; ", Whose(group)) + (group switch
            {
                { Problem: { } problem, EarlierProblem: null } => $": can no longer be rendered: {Lines(problem)}\n",
                { Problem: { } problem } => $": cannot be rendered, and could not before for another reason: {Lines(problem)}\n",
                { EarlierProblem: { } earlier } => $": could not be rendered before: {Lines(earlier)}",
                _ => "",
            }));
            if (group.Problem is null)
            {
                console.Output.WriteLine(group.Diff);
            }
        }

        var changed = report.Changes.Where(group => group.Problem is null).ToList();
        console.Output.WriteLine(
            $"{report.ChangedMachines} of {Counted.Of(report.Machines, "known machine")} and {Counted.Of(changed.Sum(group => group.Profiles.Count), "profile")} change, in {Counted.Of(changed.Count, "way")}");
        if (changed.Count < report.Changes.Count)
        {
            console.Output.WriteLine(
                $"{Counted.Of(report.BrokenMachines, "known machine")} and {Counted.Of(report.Changes.Where(group => group.Problem is not null).Sum(group => group.Profiles.Count), "profile")} cannot be rendered");
        }
    }

    private static string Lines(string problem) => TemplateException.FaultsOf(problem) is { Count: > 1 } faults ? string.Concat(faults.Select(fault => $"\n  {fault}")) : problem;

    private static IEnumerable<string> Whose(DiffGroup group)
    {
        if (group.Profiles.Count > 0)
        {
            yield return $"{(group.Profiles.Count == 1 ? "profile" : "profiles")} {string.Join(", ", group.Profiles)}";
        }

        if (group.Machines.Count > 0)
        {
            yield return $"{Counted.Of(group.Machines.Count, "machine")}: {string.Join(", ", group.Machines.Take(MostNamed))}{(group.Machines.Count > MostNamed ? " …" : "")}";
        }
    }

    private static int Failed(InvocationConfiguration console, IEnumerable<string> problems)
    {
        foreach (var problem in problems)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: {problem}");
        }

        return Trouble;
    }

    private sealed record Sides(string File, Configuration.OutsideValues Outside, string From, string To);
}
