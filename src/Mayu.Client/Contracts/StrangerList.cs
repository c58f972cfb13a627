using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>GET /api/v1/strangers</c>.</summary>
public sealed record StrangerList
{
    /// <summary>Who was seen and has no record, the one with the newest mark first.</summary>
    [AllowNull]
    public IReadOnlyList<Stranger> Items { get; init => field = ContractLists.Clean(value); } = [];
}
