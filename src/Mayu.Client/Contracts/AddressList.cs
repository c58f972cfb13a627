using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>GET /api/v1/addresses</c>.</summary>
public sealed record AddressList
{
    /// <summary>The pools: the internal one, those of further interfaces, then those of DHCP, as far as this server gives addresses out of them.</summary>
    [AllowNull]
    public IReadOnlyList<AddressPool> Pools { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>Addresses of these pools and of DHCP's that somebody unknown uses, as was found on the wire; nobody gets them.</summary>
    [AllowNull]
    public IReadOnlyList<OccupiedAddress> Occupied { get; init => field = ContractLists.Clean(value); } = [];
}
