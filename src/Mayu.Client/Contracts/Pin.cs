using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>An operator's word about a machine that has not been seen yet.</summary>
public sealed record Pin
{
    /// <summary>What the machine will be recognised by: <c>serial:…</c>, <c>uuid:…</c> or <c>mac:…</c>.</summary>
    [AllowNull]
    public string Key { get; init => field = value ?? ""; } = "";

    /// <summary>The profile it is to take, or null.</summary>
    public string? Profile { get; init; }

    /// <summary>The internal IPv4 address that is kept for it, or null.</summary>
    public string? Address { get; init; }

    /// <summary>What its author should know: its profile has more machines and pins than slots. Null where there is nothing, and in lists.</summary>
    public string? Warning { get; init; }
}
