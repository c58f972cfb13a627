using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The body of <c>POST /callbacks/{serial}/boot_complete</c>: the operating system runs.</summary>
public sealed record BootCompleteReport
{
    /// <summary>The installation that the system is of, as its config told it (<c>machine.install_id</c>); null when it does not tell.</summary>
    public string? InstallId { get; init; }

    /// <summary>Versions of what runs there, by name (<c>OS</c>, <c>Kernel</c>).</summary>
    [AllowNull]
    public IReadOnlyDictionary<string, string> Versions
    {
        get;
        init => field = ContractLists.Clean(value);
    } = ImmutableDictionary<string, string>.Empty;
}
