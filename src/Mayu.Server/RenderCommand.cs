using System.CommandLine;
using System.Text;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.Preview;

namespace Mayu.Server;

/// <summary><c>mayu render</c>: print what a machine would be given.</summary>
internal static class RenderCommand
{
    private const string UserData = "user-data";

    public static Command Build()
    {
        var command = new HelpPage("render", "Print the config of a machine or a profile", """
            Print the config of a machine as it would get it, or of a profile for a machine
            that nobody has. No server needs to run. Secrets are not read: one is shown
            as SECRET-NAME, and a value that holds one is not validated. The ID of the
            installation is shown as INSTALL-ID.

            Examples:
              mayu render --machine SN-0001
              mayu render --profile core --config ./config.yaml -o core.ign
              mayu render --profile edge --file network-config
              mayu render --machine SN-0001 --first-stage

            Exit codes:
              0  rendered
              1  it cannot be rendered, or there is no such machine or profile
              2  the command line or the configuration is wrong
            """);
        var options = new ConfigurationOptions();
        options.AddTo(command);
        var machine = new Option<string?>("--machine") { Description = "A machine of the cluster directory", HelpName = "SERIAL" };
        var profile = new Option<string?>("--profile") { Description = "A profile of the configuration, for a machine that nobody has", HelpName = "NAME" };
        var firstStage = new Option<bool>("--first-stage") { Description = "The script that the discovery system runs, instead of the config" };
        var file = new Option<string?>("--file") { Description = "Which of cloud-init's files: meta-data, user-data (default), vendor-data or network-config", HelpName = "NAME" };
        var output = new Option<string?>("--output", "-o") { Description = "Write to a file instead of the terminal", HelpName = "FILE" };
        foreach (var option in (Option[])[machine, profile, firstStage, file, output])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(machine) is null == result.GetResult(profile) is null)
            {
                result.AddError("mayu render needs either --machine SERIAL or --profile NAME");
            }
        });
        command.SetAction(parsed => Run(
            options.Read(parsed),
            new Wanted(parsed.GetValue(machine), parsed.GetValue(profile), parsed.GetValue(firstStage), parsed.GetValue(file)),
            parsed.GetValue(output),
            parsed.InvocationConfiguration));
        return command;
    }

    private static int Run(ConfigurationReader reader, Wanted wanted, string? output, InvocationConfiguration console)
    {
        if (ConfigurationSchema.Bind(reader) is not { } configuration)
        {
            ConfigCommand.Report(reader);
            return ExitCode.Usage;
        }

        if (!TryRender(configuration, wanted, console, out var text, out var problem))
        {
            foreach (var fault in TemplateException.FaultsOf(problem))
            {
                ServeCommand.PrintLine(console.Error, $"mayu: {fault}");
            }

            return ExitCode.Failed;
        }

        return Write(text, output, console);
    }

    private static int Write(string text, string? output, InvocationConfiguration console)
    {
        if (output is null)
        {
            console.Output.Write(text.EndsWith('\n') ? text : text + "\n");
            return ExitCode.Ok;
        }

        try
        {
            File.WriteAllText(output, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: {output} cannot be written: {e.Reason()}");
            return ExitCode.Failed;
        }
    }

    private static bool TryRender(MayuConfiguration configuration, Wanted wanted, InvocationConfiguration console, out string text, out string problem)
    {
        text = "";
        var preview = new ConfigPreview(configuration);
        if (!TryFind(configuration, preview, wanted, out var machine, out var profile, out problem))
        {
            return false;
        }

        var rendered = wanted.FirstStage ? preview.FirstStage(machine!.Serial).First() : preview.Config(machine!, profile!);
        if (rendered.Problem is { } broken)
        {
            problem = rendered.MayBePlaceholder ? $"{broken} ({PreviewedConfig.PlaceholderHint})" : broken;
            return false;
        }

        TellUnchecked(preview.Unchecked, console);

        // Where images are on the server alone, a config can be looked at all the same.
        if (!wanted.FirstStage && preview.ImageProblem(profile!) is { } missing)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: warning: {missing}; image.version is the image's name here");
        }

        var name = wanted.File ?? (rendered.Files.Length == 1 ? rendered.Files[0].Name : UserData);
        if (rendered.Files.FirstOrDefault(file => file.Name == name) is not { } found)
        {
            problem = $"the config has no file {name}; it has {string.Join(", ", rendered.Files.Select(file => file.Name))}";
            return false;
        }

        text = found.Text;
        return true;
    }

    /// <summary>Tells which values were not validated.</summary>
    public static void TellUnchecked(IEnumerable<string> keys, InvocationConfiguration console)
    {
        if (keys.ToList() is { Count: > 0 } unread)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: not validated, since secrets are not read here: {string.Join(", ", unread)}");
        }
    }

    private static bool TryFind(MayuConfiguration configuration, ConfigPreview preview, Wanted wanted, out Machine? machine, out Profile? profile, out string problem)
    {
        (machine, profile, problem) = (null, null, "");
        if (wanted.Profile is { } name)
        {
            profile = configuration.Cluster.FindProfile(name);
            machine = profile is null ? null : preview.FirstOf(profile);
            problem = $"there is no profile {name}{Suggestion.For(name, configuration.Cluster.Profiles.Select(known => known.Name))}";
            return profile is not null;
        }

        var (records, unread) = KnownMachines.Of(configuration);
        if (unread is not null || !Serial.TryParse(wanted.Machine!, out var serial, out _) || records.Machines.FirstOrDefault(known => known.Serial == serial) is not { } found)
        {
            problem = unread
                ?? records.Unusable.Where(record => record.Name.StartsWith($"{wanted.Machine}/", StringComparison.OrdinalIgnoreCase)).Select(record => $"the record {record.Name} cannot be used: {record.Reason}").FirstOrDefault()
                ?? $"there is no machine {wanted.Machine} in {configuration.ClusterDirectory}{Suggestion.For(wanted.Machine!, records.Machines.Select(known => known.Serial.Text))}";
            return false;
        }

        (machine, profile) = (found, configuration.Cluster.FindProfile(found.Profile));
        problem = found.Profile is null
            ? $"machine {found.Serial} has no profile yet; `mayu render --profile NAME` shows what it would get"
            : $"profile {found.Profile} of machine {found.Serial} is not in the configuration";
        return profile is not null || wanted.FirstStage;
    }

    private sealed record Wanted(string? Machine, string? Profile, bool FirstStage, string? File);
}
