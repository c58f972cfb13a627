namespace Mayu.Client.Contracts;

/// <summary>A token for the API, as an admin created it.</summary>
public sealed record ApiToken
{
    /// <summary>Its name: the author of its changes in the history.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do: <c>viewer</c>, <c>operator</c> or <c>admin</c>.</summary>
    public required string Role { get; init; }

    /// <summary>A selector of the machines that it may change; null: all.</summary>
    public string? Scope { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>From when on it is not taken any more; null: it does not expire.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was last used since the server started; null: not since then.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>The token itself, in the answer to its creation alone: nobody can read it again.</summary>
    public string? Token { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Role})";
}
