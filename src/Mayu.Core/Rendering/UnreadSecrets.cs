using Scriban.Parsing;
using Scriban.Syntax;

namespace Mayu.Core.Rendering;

/// <summary>
/// What is not known of a config that is only looked at: the secrets that cannot be read, for which placeholders stand, and the values that were not
/// checked since they hold one. It takes note while the config is rendered.
/// </summary>
public sealed class UnreadSecrets
{
    private readonly string _prefix;
    private readonly SortedDictionary<string, string> _secrets = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _unchecked = new(StringComparer.Ordinal);
    private readonly List<SourceSpan> _printed = [];
    private bool _isEverywhere;

    /// <summary>Nothing was read yet.</summary>
    public UnreadSecrets()
        : this("SECRET")
    {
    }

    private UnreadSecrets(string prefix) => _prefix = prefix;

    /// <summary>The secrets that placeholders stand for, each with why it cannot be read, as half a sentence.</summary>
    public IReadOnlyDictionary<string, string> Secrets => _secrets;

    /// <summary>The keys whose values were not checked, such as <c>passwd.users[0].password_hash</c>.</summary>
    public IReadOnlyCollection<string> Unchecked => _unchecked;

    /// <summary>The same with other placeholders of the same length: a value that is another with them is made of one, whatever a template did to it.</summary>
    internal static UnreadSecrets Others() => new("HIDDEN");

    /// <summary>Takes a placeholder: one plain word, as most secrets are.</summary>
    /// <param name="name">The secret's name.</param>
    /// <param name="problem">Why it cannot be read.</param>
    /// <param name="reader">What reads it.</param>
    internal string Placeholder(string name, string problem, ScriptNode? reader)
    {
        _secrets[name] = problem;
        if (PrintedAlone(reader) is { } statement)
        {
            _printed.Add(statement.Span);
        }
        else
        {
            _isEverywhere = true;
        }

        return $"{_prefix}-{name}";
    }

    /// <summary>Notes that a value was not checked.</summary>
    internal void NoteUnchecked(string path) => _unchecked.Add(path);

    /// <summary>Whether a template may have failed because of a placeholder.</summary>
    /// <param name="file">The file of the template or snippet that failed.</param>
    /// <param name="line">The line, from 1; null: it has none.</param>
    /// <param name="column">The column, from 1.</param>
    internal bool MayBeWhy(string? file, int? line, int? column) => _secrets.Count > 0
        && (_isEverywhere || line is null || _printed.Exists(span => span.FileName != file
            || ((span.Start.Line + 1, span.Start.Column + 1).CompareTo((line.Value, column ?? 1)) <= 0
                && (span.End.Line + 1, span.End.Column + 1).CompareTo((line.Value, column ?? 1)) >= 0)));

    // The statement that prints it and does no more; null where a variable, a condition or a function may have it afterwards.
    private static ScriptExpressionStatement? PrintedAlone(ScriptNode? reader)
    {
        ScriptExpressionStatement? printing = null;
        for (var node = reader; node is not null; node = node.Parent)
        {
            if (node is ScriptAssignExpression or ScriptFunction or ScriptCaptureStatement or ScriptWrapStatement || (printing is null && node is ScriptStatement and not ScriptExpressionStatement))
            {
                return null;
            }

            printing ??= node as ScriptExpressionStatement;
        }

        return printing;
    }
}
