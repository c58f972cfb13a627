using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>GET /api/v1/pins</c>.</summary>
public sealed record PinList
{
    /// <summary>The pins, by key.</summary>
    [AllowNull]
    public IReadOnlyList<Pin> Items { get; init => field = ContractLists.Clean(value); } = [];
}
