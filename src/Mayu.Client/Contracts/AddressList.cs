using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>GET /api/v1/addresses</c>.</summary>
public sealed record AddressList
{
    /// <summary>The pools: the internal one, then those of further interfaces.</summary>
    [AllowNull]
    public IReadOnlyList<AddressPool> Pools { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>Addresses that somebody unknown answers under on the wire; no machine gets them.</summary>
    [AllowNull]
    public IReadOnlyList<OccupiedAddress> Occupied { get; init => field = ContractLists.Clean(value); } = [];
}
