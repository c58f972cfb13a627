using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>GET /api/v1/machines/{serial}/trace</c>.</summary>
public sealed record HopList
{
    /// <summary>The marks of the boot trace, oldest first.</summary>
    [AllowNull]
    public IReadOnlyList<Hop> Items { get; init => field = ContractLists.Clean(value); } = [];
}
