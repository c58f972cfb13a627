using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>GET /api/v1/machines</c>.</summary>
public sealed record MachineList
{
    /// <summary>The machines, by serial.</summary>
    [AllowNull]
    public IReadOnlyList<Machine> Items { get; init => field = ContractLists.Clean(value); } = [];
}
