using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of a path that lists machines (by serial), strangers (the one with the newest mark first), pins (by key) or changes (newest first).</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record ItemList<T>
    where T : class
{
    /// <summary>What there is, in that order.</summary>
    [AllowNull]
    public IReadOnlyList<T> Items { get; init => field = ContractLists.Clean(value); } = [];
}
