using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Rendering;
using Mayu.Primitives;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Mayu.Core.Provisioning;

/// <summary>Where templates have secrets from (<c>secrets.NAME</c>): values that stand in no configuration, log, history or error.</summary>
public interface ISecretSource
{
    /// <summary>The names, to say which one may be meant by another.</summary>
    IEnumerable<string> Names { get; }

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
    public IEnumerable<string> Names => _names;

    /// <inheritdoc/>
    public bool Has(string name) => _names.Contains(name);

    /// <inheritdoc/>
    public bool TryRead(string name, Serial machine, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = Has(name) ? ($"(secret {name})", null) : ((string?)null, $"there is no secret {name}");
        return value is not null;
    }
}

/// <summary>The secrets as a template sees them: read when they are printed, never listed, and known afterwards, so that no message repeats one.</summary>
/// <param name="source">Where they come from.</param>
/// <param name="machine">The machine that the config is for.</param>
/// <param name="sources">Takes note; null: nobody asks.</param>
internal sealed class SecretVariables(ISecretSource source, Serial machine, RenderSources? sources = null)
    : ScriptObject(0, autoImportStaticsFromThisType: false, StringComparer.Ordinal), INamedValues
{
    private static readonly SecretMask Mask = new(TemplateFunctions.Encoders);

    private readonly Dictionary<string, string> _read = new(StringComparer.Ordinal);

    /// <summary>A message without the values that were read, as they are and as encoders write them.</summary>
    public string Masked(string message) => Mask.Masked(message, _read.Values);

    /// <inheritdoc/>
    public IEnumerable<string> Names => source.Names;

    /// <inheritdoc/>
    public override bool Contains(string member) => source.Has(member);

    /// <inheritdoc/>
    public override bool TryGetValue(TemplateContext? context, SourceSpan span, string member, out object value)
    {
        value = "";
        if (!source.Has(member))
        {
            return false;
        }

        sources?.NoteSecret();
        if (!_read.TryGetValue(member, out var known))
        {
            known = _read[member] = source.TryRead(member, machine, out var read, out var problem) ? read : throw new TemplateFaultException(span, $"the secret {member} cannot be read: {problem}");
        }

        value = known;
        return true;
    }
}
