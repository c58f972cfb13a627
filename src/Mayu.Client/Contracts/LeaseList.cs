using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>GET /api/v1/leases</c>.</summary>
public sealed record LeaseList
{
    /// <summary>The leases, by address.</summary>
    [AllowNull]
    public IReadOnlyList<Lease> Items { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>Which leases the server does not know, as a sentence; null where it knows all.</summary>
    public string? Unknown { get; init; }
}
