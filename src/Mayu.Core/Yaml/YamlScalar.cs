namespace Mayu.Core.Yaml;

/// <summary>One value, as it is written. <see cref="CoreSchema"/> says which type it has.</summary>
public sealed class YamlScalar : YamlNode
{
    internal YamlScalar(int line, int column, string text, YamlTag tag)
        : base(line, column)
    {
        Text = text;
        Tag = tag;
        Length = text.Length;
    }

    /// <summary>How it is spelled, without quotes.</summary>
    public string Text { get; }

    /// <summary>What is said of its type.</summary>
    public YamlTag Tag { get; }

    /// <summary>Whether it stands for nothing: <c>null</c>, <c>~</c>, or no value at all.</summary>
    public bool IsNull => Tag == YamlTag.Null || (Tag == YamlTag.Plain && CoreSchema.IsNull(Text));
}
