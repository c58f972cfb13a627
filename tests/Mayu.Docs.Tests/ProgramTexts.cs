using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mayu.Docs.Tests;

/// <summary>A text in the sources of the programs.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Text">The text, with <see cref="ProgramTexts.Hole"/> where something is filled in.</param>
internal sealed record ProgramText(string Place, string Text);

/// <summary>All texts in the sources below src: what is written as several literals is one text.</summary>
internal static class ProgramTexts
{
    /// <summary>Stands for what is filled in at run time.</summary>
    public const string Hole = "…";

    /// <summary>All texts.</summary>
    public static IReadOnlyList<ProgramText> All { get; } =
        [.. Repository.Files("src").Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).SelectMany(Read)];

    private static IEnumerable<ProgramText> Read(string file)
    {
        var root = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot();
        return root.DescendantNodes().OfType<ExpressionSyntax>()
            .Where(node => IsText(node) && !IsPart(node))
            .Select(node => new ProgramText($"{Path.GetRelativePath(Repository.Root, file)}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}", TextOf(node)));
    }

    private static bool IsText(ExpressionSyntax node) => node switch
    {
        LiteralExpressionSyntax { Token.Value: string } or InterpolatedStringExpressionSyntax => true,
        ParenthesizedExpressionSyntax inner => IsText(inner.Expression),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum => IsText(sum.Left) || IsText(sum.Right),
        _ => false,
    };

    private static bool IsPart(ExpressionSyntax node) =>
        node.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } or ParenthesizedExpressionSyntax && IsText((ExpressionSyntax)node.Parent);

    private static string TextOf(ExpressionSyntax node) => node switch
    {
        LiteralExpressionSyntax { Token.Value: string text } => text,
        InterpolatedStringExpressionSyntax text => string.Concat(text.Contents.Select(part => part is InterpolatedStringTextSyntax plain ? plain.TextToken.ValueText : Hole)),
        ParenthesizedExpressionSyntax inner => TextOf(inner.Expression),
        BinaryExpressionSyntax sum => TextOf(sum.Left) + TextOf(sum.Right),
        _ => Hole,
    };
}
