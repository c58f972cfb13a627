namespace Mayu.Core.Yaml;

/// <summary>
/// A node of a document that <see cref="YamlLoader"/> let in. An alias is the node that it names, so one node may stand at many
/// places; none stands within itself, and together they keep <see cref="YamlLimits"/>.
/// </summary>
public abstract class YamlNode
{
    private protected YamlNode(int line, int column) => (Line, Column) = (line, column);

    /// <summary>The line where it begins, from 1.</summary>
    public int Line { get; }

    /// <summary>The column where it begins, from 1.</summary>
    public int Column { get; }

    /// <summary>The nodes in it, itself among them, aliases followed.</summary>
    internal int Nodes { get; private protected init; } = 1;

    /// <summary>The characters of the texts in it, aliases followed.</summary>
    internal long Length { get; private protected init; }

    /// <summary>How many maps and lists stand in one another in it; 0 of a scalar.</summary>
    internal int Height { get; private protected init; }
}
