using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Mayu.Mutation;

/// <summary>A source file with all the mutants that were chosen in it, each behind its switch.</summary>
internal sealed class MutatedFile
{
    private const string Mark = "mutant";

    private readonly SyntaxNode _root;
    private readonly SourceText _text;

    public MutatedFile(SourceFile file, IEnumerable<Mutant> mutants)
    {
        var writer = new Writer(MutantSwitch.NameIn(file.Project), mutants.ToLookup(mutant => mutant.Place.Node));
        _root = writer.Visit(file.Root)!;
        Text = _root.ToFullString();
        _text = SourceText.From(Text);
    }

    /// <summary>The source.</summary>
    public string Text { get; }

    /// <summary>
    /// Which mutants a compiler's error can be about: the innermost one that has the place in it, or, where none has, those of the
    /// member around it, since a variable that is no longer assigned is told where it is used.
    /// </summary>
    /// <param name="line">From 1.</param>
    /// <param name="column">From 1.</param>
    public IReadOnlyList<int> MutantsAt(int line, int column)
    {
        var position = _text.Lines[line - 1].Start + column - 1;
        var around = _root.FindToken(position).Parent!.AncestorsAndSelf();
        if (around.FirstOrDefault(node => node.HasAnnotations(Mark)) is { } innermost)
        {
            return MarksOf(innermost);
        }

        var member = around.FirstOrDefault(node => node is MemberDeclarationSyntax and not BaseTypeDeclarationSyntax) ?? _root;
        return [.. member.DescendantNodesAndSelf().SelectMany(MarksOf).Distinct()];
    }

    private static IReadOnlyList<int> MarksOf(SyntaxNode node) => [.. node.GetAnnotations(Mark).Select(mark => int.Parse(mark.Data!))];

    private sealed class Writer(string name, ILookup<SyntaxNode, Mutant> mutants) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? Visit(SyntaxNode? node)
        {
            var visited = base.Visit(node);
            if (node is null || visited is null)
            {
                return visited;
            }

            var result = visited;
            foreach (var mutant in mutants[node])
            {
                var active = SyntaxFactory.ParseExpression($"{name}.On({mutant.Id})");
                result = mutant.Place.Apply(active, visited, result).WithAdditionalAnnotations(new SyntaxAnnotation(Mark, mutant.Id.ToString()));
            }

            return result;
        }
    }
}
