using System.Collections.Immutable;

namespace Mayu.Server.Preview;

/// <summary>What a machine would be given.</summary>
/// <param name="Files">The files; none where there is a problem.</param>
/// <param name="Problem">Why it would be given nothing, with file and line; null when it would.</param>
internal sealed record PreviewedConfig(ImmutableArray<PreviewedFile> Files, string? Problem = null)
{
    /// <summary>What to say behind a problem that may be none.</summary>
    public const string PlaceholderHint = "secrets are not read here: a placeholder stood for one; `mayu config check` reads them";

    /// <summary>The secrets that placeholders stand for in it, each with why it cannot be read, as half a sentence.</summary>
    public IReadOnlyDictionary<string, string> Unread { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether the problem may be none: a placeholder stands for a secret where the template failed.</summary>
    public bool MayBePlaceholder { get; init; }
}

/// <summary>A file of a config.</summary>
/// <param name="Name">What it is called, such as <c>config.ign</c>.</param>
/// <param name="Text">What stands in it.</param>
internal sealed record PreviewedFile(string Name, string Text);
