using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Mayu.Server.Preview;
using Mayu.Storage.Folders;

namespace Mayu.Server.Preflight;

/// <summary>
/// Renders the config of every profile for a machine that nobody has, and of every known machine, over all cores. What is wrong with many is told once.
/// </summary>
/// <param name="preview">Renders configs.</param>
/// <param name="records">The known machines. One that runs is among them: it may be reinstalled.</param>
internal sealed class ConfigFaults(ConfigPreview preview, ClusterRecords records)
{
    private const int MostNamed = 3;

    /// <summary>What is wrong: the key that it is about, and a sentence.</summary>
    public IEnumerable<(string Key, string Problem)> All() =>
    [
        .. records.Unusable.Select(record => ("cluster_dir", $"the record {record.Name} cannot be used: {record.Reason}")),
        .. Broken().GroupBy(fault => fault.Problem, StringComparer.Ordinal).Select(Told),
        .. Orphans(),
    ];

    private static (string Key, string Problem) Told(IGrouping<string, Fault> alike)
    {
        var profiles = alike.Select(fault => fault.Profile).DistinctBy(profile => profile.Name).ToList();
        var machines = alike.Where(fault => fault.Machine is not null).Select(fault => fault.Machine!.Serial).Order().ToList();
        var (known, named) = (Counted.Of(machines.Count, "known machine"), Named(machines));
        var consequence = alike.All(fault => fault.Machine is not null) ? $"{known} {(machines.Count == 1 ? "gets" : "get")} no config: {named}"
            : machines.Count > 0 ? $"machines get no config ({known}: {named})"
            : "machines get no config";
        return (KeyOf(profiles), $"{(profiles.Count == 1 ? "profile" : "profiles")} {string.Join(", ", profiles.Select(profile => profile.Name))}: {alike.Key}: {consequence}");
    }

    private static string KeyOf(IEnumerable<Profile> profiles) => profiles.Any(profile => profile.IsDefault) ? "defaults" : "profiles";

    private static string Named(List<Serial> serials) =>
        string.Join(", ", serials.Take(MostNamed).Select(serial => serial.Text)) + (serials.Count > MostNamed ? " …" : "");

    private List<Fault> Broken()
    {
        var plan = preview.Configuration.Cluster;
        (Machine? Known, Profile Profile)[] all =
        [
            .. plan.Profiles.Select(profile => ((Machine?)null, profile)),
            .. records.Machines.Select(machine => (Known: (Machine?)machine, Profile: plan.FindProfile(machine.Profile))).Where(one => one.Profile is not null).Select(one => (one.Known, one.Profile!)),
        ];
        var problems = new string?[all.Length];
        Parallel.For(0, all.Length, i => problems[i] = preview.Config(all[i].Known ?? preview.FirstOf(all[i].Profile), all[i].Profile).Problem);
        return [.. all.Zip(problems).Where(one => one.Second is not null).Select(one => new Fault(one.First.Profile, one.Second!, one.First.Known))];
    }

    /// <summary>The profiles that known machines have and the configuration has not.</summary>
    public IEnumerable<(string Key, string Problem)> Orphans() =>
        from machine in records.Machines
        where machine.Profile is not null && preview.Configuration.Cluster.FindProfile(machine.Profile) is null
        group machine.Serial by machine.Profile into orphans
        select ("profiles", $"profile {orphans.Key} is not in the configuration: {Counted.Of(orphans.Count(), "known machine")} of it {(orphans.Count() == 1 ? "gets" : "get")} no config: {Named([.. orphans])}");

    private sealed record Fault(Profile Profile, string Problem, Machine? Machine);
}
