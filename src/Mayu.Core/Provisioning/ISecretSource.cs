using System.Diagnostics.CodeAnalysis;
using Mayu.Primitives;

namespace Mayu.Core.Provisioning;

/// <summary>Where templates have secrets from (<c>secrets.NAME</c>): values that stand in no configuration, log, history or error.</summary>
public interface ISecretSource
{
    /// <summary>Whether there is a secret of this name.</summary>
    bool Has(string name);

    /// <summary>Reads one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="machine">The machine that it is for: a secret may be a machine's own.</param>
    /// <param name="value">The value.</param>
    /// <param name="problem">Why there is none, as half a sentence.</param>
    bool TryRead(string name, Serial machine, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem);
}

/// <summary>No secrets; or, where a config is only looked at, a placeholder for each.</summary>
/// <param name="names">The names.</param>
public sealed class SecretPlaceholders(IEnumerable<string> names) : ISecretSource
{
    private readonly HashSet<string> _names = new(names, StringComparer.Ordinal);

    /// <summary>No secrets.</summary>
    public static SecretPlaceholders None { get; } = new([]);

    /// <inheritdoc/>
    public bool Has(string name) => _names.Contains(name);

    /// <inheritdoc/>
    public bool TryRead(string name, Serial machine, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = Has(name) ? ($"(secret {name})", null) : ((string?)null, $"there is no secret {name}");
        return value is not null;
    }
}
