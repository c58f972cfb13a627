using System.Collections.Immutable;
using Mayu.Server.Configuration;
using Mayu.Storage.Folders;

namespace Mayu.Server.Preflight;

/// <summary>A configuration that was checked: the file itself, and whether all exists that machines need. Nothing is changed.</summary>
/// <param name="File">The configuration file.</param>
internal sealed record ConfigCheck(string File)
{
    /// <summary>Whether the file itself could be used.</summary>
    public bool IsValid { get; private init; }

    /// <summary>What was found, the errors of the file first.</summary>
    public ImmutableArray<Finding> Findings { get; private init; } = [];

    /// <summary>How many known machines had their configs checked.</summary>
    public int Machines { get; private init; }

    /// <summary>Checks.</summary>
    /// <param name="reader">The configuration, as it was opened.</param>
    /// <param name="machines">Finds the known machines, and why there are none, as a sentence; null: only the configuration is checked, and not what it names.</param>
    /// <param name="parallel">On how many processors configs are rendered, and what ends it.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static ConfigCheck Run(ConfigurationReader reader, Func<MayuConfiguration, (ClusterRecords Records, string? Problem)>? machines, ParallelOptions? parallel = null)
    {
        if (ConfigurationSchema.Bind(reader) is not { } configuration)
        {
            return new ConfigCheck(reader.File) { Findings = [.. reader.Problems.Select(problem => new Finding(FindingSeverity.Invalid, problem.Key, problem.Message) { Place = FindingPlace.Of(problem, reader.File) })] };
        }

        var openings = configuration.Openings.Select(opening => new Finding(FindingSeverity.Warning, opening.Key, opening.Problem));
        if (machines is null)
        {
            return new ConfigCheck(reader.File) { IsValid = true, Findings = [.. openings] };
        }

        var (records, unread) = machines(configuration);
        var needs = new MachineNeeds(configuration, records) { Parallel = parallel ?? new() };
        return new ConfigCheck(reader.File)
        {
            IsValid = true,
            Machines = records.Machines.Length,
            Findings =
            [
                .. openings,
                .. needs.Missing().Select(need => Finding.Of(FindingSeverity.Missing, need.Key, need.Problem)),
                .. unread is null ? Array.Empty<Finding>() : [new Finding(FindingSeverity.Missing, "cluster_dir", unread)],
                .. needs.Remarks().Select(remark => Finding.Of(FindingSeverity.Warning, remark.Key, remark.Problem)),
                .. new ImageNotes(configuration).All().Select(note => new Finding(FindingSeverity.Note, note.Key, note.Note)),
            ],
        };
    }
}
