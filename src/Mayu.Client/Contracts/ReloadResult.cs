using System.Collections.Immutable;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>POST /api/v1/reload</c>.</summary>
public sealed record ReloadResult
{
    /// <summary>The keys of the configuration file that changed (<c>profiles</c>).</summary>
    public ImmutableArray<string> Changed { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What machines will need and would not get, each a sentence.</summary>
    public ImmutableArray<string> Warnings { get; init => field = value.IsDefault ? [] : value; } = [];
}
