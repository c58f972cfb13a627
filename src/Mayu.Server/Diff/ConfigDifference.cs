using System.Security.Cryptography;
using System.Text;
using DiffPlex.Renderer;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Server.Preview;

namespace Mayu.Server.Diff;

/// <summary>Whose configs differ between two configurations, and how. Rendered over all cores; changes that are alike are one.</summary>
/// <param name="from">The one side.</param>
/// <param name="to">The other side.</param>
internal sealed class ConfigDifference(DiffSide from, DiffSide to)
{
    // A value of a machine is only taken for its own where it is not by chance in the text.
    private const int LeastLength = 4;

    private const int ContextLines = 3;

    /// <summary>Compares the configs of all profiles and of these machines.</summary>
    public IReadOnlyList<DiffGroup> Of(IEnumerable<Machine> machines)
    {
        var (before, after) = (from.Preview.Configuration.Cluster, to.Preview.Configuration.Cluster);
        Subject[] subjects =
        [
            .. after.Profiles.Concat(before.Profiles).Select(profile => profile.Name).Distinct(StringComparer.Ordinal).Select(name => new Subject(name, null, before.FindProfile(name), after.FindProfile(name))),
            .. machines.Where(machine => machine.Profile is not null).Select(machine => new Subject(machine.Profile!, machine, before.FindProfile(machine.Profile), after.FindProfile(machine.Profile))),
        ];
        var keys = new string?[subjects.Length];
        Parallel.For(0, subjects.Length, i => keys[i] = KeyOf(subjects[i]));
        return
        [
            .. from one in subjects.Zip(keys)
               where one.Second is not null
               group one.First by one.Second into alike
               select GroupOf([.. alike]),
        ];
    }

    private DiffGroup GroupOf(IReadOnlyList<Subject> alike)
    {
        var (before, after) = (Render(from, alike[0].Machine, alike[0].Before), Render(to, alike[0].Machine, alike[0].After));
        return new DiffGroup(
            [.. alike.Where(subject => subject.Machine is null).Select(subject => subject.Profile)],
            [.. alike.Where(subject => subject.Machine is not null).Select(subject => subject.Machine!.Serial.Text)],
            after.Problem is null ? string.Concat(Changed(before, after).Select(file => Unified(file.Name, file.Before, file.After))) : "")
        {
            Problem = after.Problem,
            EarlierProblem = before.Problem,
        };
    }

    // Null where nothing changes. The lines that go and come, without what is around them, and with the machine's own values as names.
    private string? KeyOf(Subject subject)
    {
        var (before, after) = (Render(from, subject.Machine, subject.Before), Render(to, subject.Machine, subject.After));
        if (after.Problem != before.Problem && after.Problem is not null)
        {
            return Hashed(new StringBuilder(before.Problem).Append('\0').Append(after.Problem), subject.Machine);
        }

        if (after.Problem is not null || Changed(before, after) is not { Count: > 0 } files)
        {
            return null;
        }

        var lines = new StringBuilder(before.Problem);
        foreach (var (name, old, current) in files)
        {
            lines.Append(name).Append('\n');
            foreach (var line in Unified(name, old, current).Split('\n').Skip(2).Where(line => line.StartsWith('+') || line.StartsWith('-')))
            {
                lines.Append(line).Append('\n');
            }
        }

        return Hashed(lines, subject.Machine);
    }

    private static string Hashed(StringBuilder text, Machine? machine)
    {
        foreach (var (value, name) in Own(machine))
        {
            text.Replace(value, name);
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static List<(string Name, string Before, string After)> Changed(Side from, Side to) => [.. from.Files.Keys.Union(to.Files.Keys, StringComparer.Ordinal)
        .Select(name => (Name: name, Before: from.Files.GetValueOrDefault(name, ""), After: to.Files.GetValueOrDefault(name, "")))
        .Where(file => file.Before != file.After)
        .Select(file => (file.Name, ReadableText.Of(file.Before), ReadableText.Of(file.After)))];

    private static Side Render(DiffSide side, Machine? machine, Profile? profile)
    {
        if (profile is null)
        {
            return new Side([], Problem: null);
        }

        var config = side.Preview.Config(machine ?? side.Preview.FirstOf(profile), profile);
        return new Side(config.Files.ToDictionary(file => file.Name, file => file.Text, StringComparer.Ordinal), config.Problem is { } problem ? side.Message(config.MayBePlaceholder ? $"{problem} ({PreviewedConfig.PlaceholderHint})" : problem) : null);
    }

    private string Unified(string name, string before, string after)
    {
        // The library counts what is behind the last line end as a line.
        if (before.EndsWith('\n') && after.EndsWith('\n'))
        {
            (before, after) = (before[..^1], after[..^1]);
        }

        var text = UnidiffRenderer.GenerateUnidiff(before, after, $"{from.Name} {name}", $"{to.Name} {name}", ignoreWhitespace: false, ignoreCase: false, ContextLines).ReplaceLineEndings("\n");
        return text.EndsWith('\n') ? text : text + "\n";
    }

    private static IEnumerable<(string Value, string Name)> Own(Machine? machine)
    {
        if (machine is null)
        {
            return [];
        }

        return ((IEnumerable<(string? Value, string Name)>)
        [
            (machine.MachineId, "<machine_id>"), (machine.Uuid?.ToString("D"), "<uuid>"), (machine.Overrides.GetValueOrDefault(Hostname.Override) ?? machine.Hostname ?? Hostname.FromSerial(machine.Serial), "<hostname>"),
            (machine.Serial.Text, "<serial>"), (machine.InternalAddress?.ToString(), "<internal_address>"), (machine.BmcAddress?.ToString(), "<bmc_address>"),
            .. machine.MacAddresses.Select((mac, i) => ((string?)mac.ToString(), $"<mac {i}>")), .. machine.AdditionalAddresses.Select(one => ((string?)one.Value.ToString(), $"<address of {one.Key}>")),
        ]).Where(own => own.Value is { Length: >= LeastLength }).Select(own => (own.Value!, own.Name)).OrderByDescending(own => own.Item1.Length);
    }

    private sealed record Side(Dictionary<string, string> Files, string? Problem);

    private sealed record Subject(string Profile, Machine? Machine, Profile? Before, Profile? After);
}

/// <summary>A change of configs, and whose it is.</summary>
/// <param name="Profiles">The profiles whose config, for a machine that nobody has, changes so.</param>
/// <param name="Machines">The serials of the machines whose config changes so.</param>
/// <param name="Diff">The change of the first of them, as a unified diff; empty where there is no config.</param>
internal sealed record DiffGroup(IReadOnlyList<string> Profiles, IReadOnlyList<string> Machines, string Diff)
{
    /// <summary>Why there is no config on the other side, and so no change to show; null where there is one.</summary>
    public string? Problem { get; init; }

    /// <summary>Why there was none on the one side; null where there was one.</summary>
    public string? EarlierProblem { get; init; }
}
