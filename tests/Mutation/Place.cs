using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mayu.Mutation;

/// <summary>One change that can be made to one node of a source file.</summary>
/// <param name="Node">The node, in the tree as it was parsed.</param>
/// <param name="Before">What stands there, as one line.</param>
/// <param name="After">What the mutant has in its place.</param>
/// <param name="Apply">Makes the node that has both readings.</param>
internal sealed record Place(SyntaxNode Node, string Before, string After, ApplyMutant Apply);

/// <summary>Makes a node that reads as changed while a mutant is active, and else as before.</summary>
/// <param name="active">Is true while the mutant is active.</param>
/// <param name="original">The node, with the mutants of the nodes below it.</param>
/// <param name="soFar">The same with earlier mutants of this node: what it reads as while this one is not active.</param>
internal delegate SyntaxNode ApplyMutant(ExpressionSyntax active, SyntaxNode original, SyntaxNode soFar);

/// <summary>A place, with the number that switches its change on: from 1, and unique in a run.</summary>
internal sealed record Mutant(int Id, SourceFile File, Place Place)
{
    /// <summary>The line in the source, from 1.</summary>
    public int Line { get; } = Place.Node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    /// <summary>What it is called from one run to the next.</summary>
    public MutantName Name => new(File.Path, Place.Before, Place.After);
}

/// <summary>The file, and what was changed in it: without the line, which another edit moves.</summary>
internal sealed record MutantName(string File, string Before, string After);
