using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>GET /api/v1/profiles</c>.</summary>
public sealed record ProfileList
{
    /// <summary>The profiles, in the order of the configuration.</summary>
    [AllowNull]
    public IReadOnlyList<ProfileUse> Items { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>Profiles that machines or pins have and the configuration lost.</summary>
    [AllowNull]
    public IReadOnlyList<ProfileUse> Orphaned { get; init => field = ContractLists.Clean(value); } = [];
}
