using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The body of <c>POST /callbacks/{serial}/boot_complete</c>: the operating system runs.</summary>
public sealed record BootCompleteReport
{
    /// <summary>Versions of what runs there, by name (<c>OS</c>, <c>Kernel</c>).</summary>
    [AllowNull]
    public IReadOnlyDictionary<string, string> Versions
    {
        get;
        init => field = ContractLists.Clean(value);
    } = ImmutableDictionary<string, string>.Empty;
}
