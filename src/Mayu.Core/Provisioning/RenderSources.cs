namespace Mayu.Core.Provisioning;

/// <summary>What a rendering read besides its variables, noted while it reads.</summary>
/// <param name="gone">Ends it: nobody waits for what it prints.</param>
internal sealed class RenderSources(CancellationToken gone = default)
{
    private readonly List<(bool IsSnippet, string Name, TemplateText Text)> _read = [];

    /// <summary>
    /// Whether it read what may be another the next time without a sign of it, or what is not to be kept: embedded files, secrets, the URL of etcd
    /// discovery.
    /// </summary>
    public bool HasMore { get; private set; }

    /// <summary>Ends it: nobody waits for what it prints.</summary>
    public CancellationToken Gone => gone;

    /// <summary>Whether it read a secret: no message repeats what it printed.</summary>
    public bool HasSecrets { get; private set; }

    /// <summary>Whether a template or a snippet has this word itself.</summary>
    public bool IsOwn(string word) => _read.Exists(read => HasWord(read.Text.Text, word));

    /// <summary>Notes that it read a secret.</summary>
    public void NoteSecret() => HasSecrets = HasMore = true;

    /// <summary>Notes a template, or a snippet.</summary>
    public void Note(bool isSnippet, string name, TemplateText text) => _read.Add((isSnippet, name, text));

    /// <summary>Notes that it read more.</summary>
    public void NoteMore() => HasMore = true;

    private static bool HasWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0 && word.Length > 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (at + word.Length == text.Length || !char.IsLetterOrDigit(text[at + word.Length])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether all templates and snippets are still the ones that were read.</summary>
    public bool AreUnchanged(TemplateLibrary library)
    {
        try
        {
            foreach (var (isSnippet, name, text) in _read)
            {
                if (!ReferenceEquals(isSnippet ? library.Snippet(name) : library.Template(name), text))
                {
                    return false;
                }
            }

            return !HasMore;
        }
        catch (TemplateException)
        {
            // Rendering it again tells why.
            return false;
        }
    }
}
