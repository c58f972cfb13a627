using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Machines;
using Mayu.Core.Yaml;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.Live;
using Mayu.Server.Preflight;
using Mayu.Server.Preview;
using Mayu.Server.Secrets;
using Mayu.Server.Service;
using Mayu.Storage.Folders;

namespace Mayu.Server.Reload;

/// <summary>
/// Reads the configuration file again. All of it is taken over, or nothing: then the previous one stays in effect, and every reason is told. A template that
/// could not be rendered before, and with which the server started, is no reason.
/// </summary>
/// <param name="live">The configuration in effect.</param>
/// <param name="store">The known machines.</param>
/// <param name="started">The file that the server was started with, and what was configured outside of it.</param>
/// <param name="log">Where the outcome is told.</param>
internal sealed partial class ConfigurationReload(LiveConfiguration live, IMachineStore store, ConfigurationReader started, ILogger log)
{
    private const int MostLogged = 20;

    private readonly Lock _one = new();
    private YamlMap _values = started.Values;
    private ImmutableHashSet<string> _known = [.. Faults(new ConfigPreview(live.Current.Settings, live.Current.Secrets)).Known];

    /// <summary>Who is told of each reload.</summary>
    public ServiceManager Manager { get; init; } = ServiceManager.None;

    /// <summary>Reads the file again, without loading it.</summary>
    public ConfigurationReader Reopen() => ConfigurationReader.Open(started.File, started.Outside);

    /// <summary>Reloads. One at a time: who comes meanwhile waits, and reads the file again.</summary>
    public ReloadOutcome Run()
    {
        lock (_one)
        {
            Manager.Reloading();
            var reader = Reopen();
            var outcome = Tried(reader);
            if (outcome.Problems.IsEmpty)
            {
                _values = reader.Values;
                LogReloaded(log, outcome.Changed.IsEmpty ? "no key changed" : $"changed: {string.Join(", ", outcome.Changed)}");
                foreach (var warning in outcome.Warnings)
                {
                    LogWarning(log, warning);
                }
            }
            else
            {
                // The details may repeat what stands in the file, and /readyz asks for no token.
                live.Refuse($"alarm: {started.File} was not reloaded: {Counted.Of(outcome.Problems.Length, "problem")}, see the log. The previous configuration is in effect until a reload succeeds");
                foreach (var problem in outcome.Problems.Take(MostLogged))
                {
                    LogRefused(log, problem);
                }

                if (outcome.Problems.Length > MostLogged)
                {
                    LogRefused(log, $"and {outcome.Problems.Length - MostLogged} more; `mayu config check` tells them all");
                }
            }

            Manager.Ready(outcome.Problems.IsEmpty
                ? "Running; the configuration was reloaded"
                : $"Running with the previous configuration: the last reload was refused ({Counted.Of(outcome.Problems.Length, "problem")}, see the log)");
            return outcome;
        }
    }

    /// <summary>What the file says now that is not in effect. Nothing is reloaded, and images and templates are not looked at.</summary>
    /// <returns>The keys that differ; or what is wrong with the file.</returns>
    public (ImmutableArray<string> Changed, ImmutableArray<string> Problems) Compare()
    {
        var reader = ConfigurationReader.Open(started.File, started.Outside);
        return ConfigurationSchema.Bind(reader) is null
            ? ([], [.. reader.Problems.Select(problem => problem.ToString())])
            : ([.. ConfigurationChange.Between(Volatile.Read(ref _values), reader.Values)], []);
    }

    private static ReloadOutcome Refused(IEnumerable<string> problems) => new([], [], [.. problems]);

    // It is called by a signal's handler, too, where what escapes would end the server.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "it is told, and the previous configuration stays in effect")]
    private ReloadOutcome Tried(ConfigurationReader reader)
    {
        try
        {
            return Try(reader);
        }
        catch (Exception e)
        {
            return Refused([$"{reader.File} cannot be reloaded: {e.Reason()}"]);
        }
    }

    // What was not checked is a warning: a machine's own secret, which nobody has whose profile is tried here.
    private static (List<string> Known, List<string> NotChecked) Faults(ConfigPreview preview)
    {
        var configs = new ConfigFaults(preview, new ClusterRecords([], []));
        return (
            [.. preview.FirstStage().Select(stage => stage.Problem).OfType<string>(), .. configs.All().Select(fault => $"{fault.Key}: {ConfigFaults.OnOneLine(fault.Problem)}")],
            [.. configs.NotChecked().Select(fault => $"{fault.Key}: {fault.Problem}")]);
    }

    private ReloadOutcome Try(ConfigurationReader reader)
    {
        if (ConfigurationSchema.Bind(reader) is not { } read)
        {
            return Refused(reader.Problems.Select(problem => problem.ToString()));
        }

        string[] changed = [.. ConfigurationChange.Between(_values, reader.Values)];
        if (changed.Where(key => !ConfigurationChange.IsReloadable(key)).ToList() is { Count: > 0 } needRestart)
        {
            return Refused(needRestart.Select(key => $"{reader.File}: {key}: a change of this key needs a restart"));
        }

        if (!SecretStore.TryOpen(read.Secrets, out var secrets, out var unreadable))
        {
            return Refused(unreadable.Select(problem => $"{reader.File}: secrets: {problem}"));
        }

        var next = Merged(live.Current.Settings, read);
        var preview = new ConfigPreview(next, secrets);
        var (faults, notChecked) = Faults(preview);
        if (faults.Where(fault => !_known.Contains(fault)).ToList() is { Count: > 0 } fresh)
        {
            return Refused(fresh);
        }

        _known = [.. faults];
        live.Replace(ServedConfiguration.Of(next, secrets, live.Current.EtcdTokens));
        var orphans = new ConfigFaults(preview, new ClusterRecords([.. store.Current.Machines], [])).Orphans().Select(orphan => orphan.Problem);
        return new ReloadOutcome([.. changed], [.. next.Openings.Select(opening => $"{opening.Key}: {opening.Problem}"), .. faults, .. notChecked, .. orphans, .. next.Cluster.Profiles.Select(preview.ImageProblem).OfType<string>().Distinct()], []);
    }

    // What needs a restart stays as it was at the start, whatever the program made of it then.
    private static MayuConfiguration Merged(MayuConfiguration current, MayuConfiguration read) => current with
    {
        Cluster = current.Cluster with { Profiles = read.Cluster.Profiles },
        Access = read.Access,
        Variables = read.Variables,
        Secrets = read.Secrets,
        ImagesDirectory = read.ImagesDirectory,
        TemplatesDirectory = read.TemplatesDirectory,
        SnippetsDirectory = read.SnippetsDirectory,
        FilesDirectory = read.FilesDirectory,
        HostinfoHelper = read.HostinfoHelper,
        DiscoveryImage = read.DiscoveryImage,
        KernelArguments = read.KernelArguments,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "The configuration was reloaded: {What}")]
    private static partial void LogReloaded(ILogger log, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration was reloaded, but {Problem}")]
    private static partial void LogWarning(ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The configuration was not reloaded, and the previous one stays in effect: {Problem}")]
    private static partial void LogRefused(ILogger log, string problem);
}
