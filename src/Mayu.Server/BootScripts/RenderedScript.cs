using Mayu.Core.Boot;
using Mayu.Primitives;

namespace Mayu.Server.BootScripts;

/// <summary>A script that was made for whoever asked by a file's name.</summary>
/// <param name="Language">Whose script it is.</param>
/// <param name="Text">The script.</param>
internal sealed record RenderedScript(ScriptLanguage Language, string Text)
{
    /// <summary>The machine that asked; null where nobody knows it.</summary>
    public Serial? Serial { get; init; }

    /// <summary>The boot answer that the script carries; null for one that only asks who is there.</summary>
    public BootAnswer? Answer { get; init; }
}
