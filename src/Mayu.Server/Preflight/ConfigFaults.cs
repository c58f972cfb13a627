using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Primitives;
using Mayu.Server.Preview;
using Mayu.Server.Secrets;
using Mayu.Storage.Folders;

namespace Mayu.Server.Preflight;

/// <summary>
/// Renders the config of every profile for a machine that nobody has, and of every known machine, over all cores. What is wrong with many is told once.
/// </summary>
/// <param name="preview">Renders configs.</param>
/// <param name="records">The known machines. One that runs is among them: it may be reinstalled.</param>
/// <param name="secrets">The secrets that the preview has; null where no machine is known.</param>
internal sealed class ConfigFaults(ConfigPreview preview, ClusterRecords records, SecretStore? secrets = null)
{
    /// <summary>What stands before each of several faults of one config: they are told one a line.</summary>
    public const string LineBreak = "\n  ";

    private const int MostNamed = 3;

    private List<Rendered>? _rendered;

    /// <summary>On how many processors they are rendered, and what ends it.</summary>
    public ParallelOptions Parallel { get; init; } = new();

    /// <summary>What is wrong: the key that it is about, and a sentence.</summary>
    public IEnumerable<(string Key, string Problem)> All() =>
    [
        .. records.Unusable.Select(record => ("cluster_dir", $"the record {record.Name} cannot be used: {record.Reason}")),
        .. Broken(mayBePlaceholder: false).Select(Told),
        .. OwnSecrets().Where(own => !own.IsClosed).Select(own => ("secrets", $"{own.Problem}: {Counted.Of(own.Machines.Count, "known machine")} {(own.Machines.Count == 1 ? "gets" : "get")} no config: {Named(own.Machines)}")),
        .. Orphans(),
    ];

    /// <summary>What was not checked, since a secret cannot be read: the key that it is about, and a sentence.</summary>
    public IEnumerable<(string Key, string Problem)> NotChecked() =>
    [
        .. OwnSecrets().Where(own => own.IsClosed).Select(own => ("secrets", $"not checked: {own.Problem}: {Named(own.Machines)}")),
        .. Broken(mayBePlaceholder: true).Select(alike => (KeyOf(alike.Select(one => one.Profile)),
            $"{ProfilesOf(alike)}: not checked, since a placeholder stands for a secret that cannot be read here; with it: {alike.Key}")),
    ];

    /// <summary>A problem on one line, for a log.</summary>
    public static string OnOneLine(string problem) => problem.Replace($":{LineBreak}", ": ", StringComparison.Ordinal).Replace(LineBreak, TemplateException.FaultSeparator, StringComparison.Ordinal);

    private static (string Key, string Problem) Told(IGrouping<string, Rendered> alike)
    {
        var machines = alike.Where(one => one.Machine is not null).Select(one => one.Machine!.Serial).Order().ToList();
        var (known, named) = (Counted.Of(machines.Count, "known machine"), Named(machines));
        var consequence = alike.All(one => one.Machine is not null) ? $"{known} {(machines.Count == 1 ? "gets" : "get")} no config: {named}"
            : machines.Count > 0 ? $"machines get no config ({known}: {named})"
            : "machines get no config";
        return (KeyOf(alike.Select(one => one.Profile)), TemplateException.FaultsOf(alike.Key) is { Count: > 1 } faults
            ? $"{ProfilesOf(alike)}: {consequence}:{string.Concat(faults.Select(fault => $"{LineBreak}{fault}"))}"
            : $"{ProfilesOf(alike)}: {alike.Key}: {consequence}");
    }

    private static string ProfilesOf(IEnumerable<Rendered> alike)
    {
        var names = alike.Select(one => one.Profile.Name).Distinct(StringComparer.Ordinal).ToList();
        return $"{(names.Count == 1 ? "profile" : "profiles")} {string.Join(", ", names)}";
    }

    private static string KeyOf(IEnumerable<Profile> profiles) => profiles.Any(profile => profile.IsDefault) ? "defaults" : "profiles";

    private static string Named(List<Serial> serials) =>
        string.Join(", ", serials.Take(MostNamed).Select(serial => serial.Text)) + (serials.Count > MostNamed ? " …" : "");

    private IEnumerable<IGrouping<string, Rendered>> Broken(bool mayBePlaceholder) => Configs()
        .Where(one => one.Config.Problem is not null && one.Config.MayBePlaceholder == mayBePlaceholder).GroupBy(one => one.Config.Problem!, StringComparer.Ordinal);

    // The files that machines have for themselves. What of them is not there is told with the pattern, so that it is the same of all.
    private IEnumerable<(string Problem, bool IsClosed, List<Serial> Machines)> OwnSecrets() =>
        from one in Configs()
        where one.Machine is not null
        from secret in one.Config.Unread
        let file = secrets?.OwnFile(secret.Key, one.Machine!.Serial)
        where file is not null
        group one.Machine!.Serial by (Problem: $"the secret {secret.Key} cannot be read: {secret.Value.Replace(file.Path, file.Pattern, StringComparison.Ordinal)}", file.IsClosed) into alike
        select (alike.Key.Problem, alike.Key.IsClosed, alike.Distinct().Order().ToList());

    private List<Rendered> Configs()
    {
        if (_rendered is not null)
        {
            return _rendered;
        }

        var plan = preview.Configuration.Cluster;
        (Machine? Known, Profile Profile)[] all =
        [
            .. plan.Profiles.Select(profile => ((Machine?)null, profile)),
            .. records.Machines.Select(machine => (Known: (Machine?)machine, Profile: plan.FindProfile(machine.Profile))).Where(one => one.Profile is not null).Select(one => (one.Known, one.Profile!)),
        ];
        var rendered = new Rendered[all.Length];
        System.Threading.Tasks.Parallel.For(0, all.Length, Parallel, i => rendered[i] = new Rendered(
            all[i].Profile, all[i].Known, preview.Config(all[i].Known ?? preview.FirstOf(all[i].Profile), all[i].Profile) with { Files = [] }));
        return _rendered = [.. rendered.Where(one => one.Config.Problem is not null || one.Config.Unread.Count > 0)];
    }

    /// <summary>The profiles that known machines have and the configuration has not.</summary>
    public IEnumerable<(string Key, string Problem)> Orphans() =>
        from machine in records.Machines
        where machine.Profile is not null && preview.Configuration.Cluster.FindProfile(machine.Profile) is null
        group machine.Serial by machine.Profile into orphans
        select ("profiles", $"profile {orphans.Key} is not in the configuration: {Counted.Of(orphans.Count(), "known machine")} of it {(orphans.Count() == 1 ? "gets" : "get")} no config: {Named([.. orphans])}");

    private sealed record Rendered(Profile Profile, Machine? Machine, PreviewedConfig Config);
}
