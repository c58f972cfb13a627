using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Rendering;
using Mayu.Primitives;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

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

/// <summary>No secrets; or, where a config is only looked at, the names of some that nobody reads.</summary>
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
        (value, problem) = (null, Has(name) ? "secrets are not read here" : $"there is no secret {name}");
        return false;
    }
}

/// <summary>The secrets as a template sees them: read when they are printed, never listed, and known afterwards, so that no message repeats one.</summary>
/// <param name="source">Where they come from.</param>
/// <param name="machine">The machine that the config is for.</param>
/// <param name="sources">Takes note; null: nobody asks.</param>
/// <param name="unread">Has placeholders for those that cannot be read; null: one that cannot is an error.</param>
internal sealed class SecretVariables(ISecretSource source, Serial machine, RenderSources? sources = null, UnreadSecrets? unread = null)
    : ScriptObject(0, autoImportStaticsFromThisType: false, StringComparer.Ordinal), INamedValues
{
    private readonly Dictionary<string, string> _read = new(StringComparer.Ordinal);

    /// <summary>The same secrets, with other placeholders for those that cannot be read.</summary>
    public SecretVariables WithOtherPlaceholders() => new(source, machine, sources, UnreadSecrets.Others());

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
        if (_read.TryGetValue(member, out var known))
        {
            value = known;
        }
        else if (source.TryRead(member, machine, out var read, out var problem))
        {
            value = _read[member] = read;
        }
        else
        {
            value = unread?.Placeholder(member, problem, context?.CurrentNode) ?? throw new TemplateFaultException(span, $"the secret {member} cannot be read: {problem}");
        }

        return true;
    }
}
