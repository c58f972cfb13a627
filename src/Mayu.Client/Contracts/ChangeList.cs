using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>GET /api/v1/history</c>.</summary>
public sealed record ChangeList
{
    /// <summary>The changes, newest first.</summary>
    [AllowNull]
    public IReadOnlyList<Change> Items { get; init => field = ContractLists.Clean(value); } = [];
}
