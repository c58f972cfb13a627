namespace Mayu.Core.Rendering;

/// <summary>Text that went through an encoder and may stand in the output as it is.</summary>
/// <param name="Text">The text.</param>
internal sealed record EncodedText(string Text)
{
    /// <summary>Which place printed what of it, if it is a snippet's and an error is looked for; else null.</summary>
    public SourceMap? Map { get; init; }

    public override string ToString() => Text;
}
