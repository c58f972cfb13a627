using Mayu.Core.Yaml;

namespace Mayu.Core.Ignition;

/// <summary>An Ignition or Butane config that is not taken, with all that is wrong with it.</summary>
public sealed class IgnitionFaultsException : Exception
{
    /// <summary>How many faults of one config are told at most.</summary>
    public const int Most = 20;

    /// <summary>A new exception.</summary>
    /// <param name="faults">What is wrong, in any order; 1 or more.</param>
    public IgnitionFaultsException(IReadOnlyCollection<YamlFaultException> faults)
        : this([.. faults.Take(Most).OrderBy(fault => (fault.Line, fault.Column))], faults.Count > Most)
    {
    }

    private IgnitionFaultsException(IReadOnlyList<YamlFaultException> faults, bool more)
        : base(string.Join("; ", faults.Select(fault => $"line {fault.Line}, column {fault.Column}: {fault.Message}")) + (more ? $"; only the first {Most} faults are told" : ""))
        => (Faults, HasMore) = (faults, more);

    /// <summary>What is wrong, in the order of the config.</summary>
    public IReadOnlyList<YamlFaultException> Faults { get; }

    /// <summary>Whether more is wrong than is told.</summary>
    public bool HasMore { get; }
}
