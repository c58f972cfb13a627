using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Mayu.Mutation;

/// <summary>Nodes with two readings, of which a switch chooses one when the program runs.</summary>
internal static class Readings
{
    /// <summary><c>(active ? changed : soFar)</c></summary>
    public static SyntaxNode Choose(ExpressionSyntax active, SyntaxNode changed, SyntaxNode soFar) => Parenthesized(
        ConditionalExpression(active, Spaced(SyntaxKind.QuestionToken), Bare(changed), Spaced(SyntaxKind.ColonToken), Bare(soFar))).WithTriviaFrom(soFar);

    /// <summary><c>((condition) operator active)</c>, or with <c>!active</c>.</summary>
    public static ExpressionSyntax Join(SyntaxNode condition, SyntaxKind kind, ExpressionSyntax active, bool isNot = false)
    {
        var token = kind switch
        {
            SyntaxKind.LogicalAndExpression => SyntaxKind.AmpersandAmpersandToken,
            SyntaxKind.LogicalOrExpression => SyntaxKind.BarBarToken,
            _ => SyntaxKind.ExclamationEqualsToken,
        };
        var right = isNot ? PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, active) : active;
        return Parenthesized(BinaryExpression(kind, Parenthesized(Bare(condition)), Spaced(token), right)).WithTriviaFrom((ExpressionSyntax)condition);
    }

    /// <summary><c>{ if (active) { changed } else { soFar } }</c>; without a changed statement the mutant does nothing.</summary>
    public static SyntaxNode Choose(ExpressionSyntax active, StatementSyntax? changed, StatementSyntax soFar)
    {
        var none = PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, active);
        return Block(changed is null
            ? IfStatement(none, Block(soFar))
            : IfStatement(active, Block(changed), ElseClause(Block(soFar.WithLeadingTrivia(Space)))));
    }

    /// <summary>A <c>when</c> that is never true while the mutant is active.</summary>
    public static WhenClauseSyntax Unless(ExpressionSyntax active, WhenClauseSyntax? when)
    {
        ExpressionSyntax condition = when is null
            ? PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, active)
            : Join(when.Condition, SyntaxKind.LogicalAndExpression, active, isNot: true);
        return WhenClause(Token(SyntaxKind.WhenKeyword).WithLeadingTrivia(Space).WithTrailingTrivia(Space), condition.WithTrailingTrivia(Space));
    }

    private static ParenthesizedExpressionSyntax Parenthesized(ExpressionSyntax expression) => ParenthesizedExpression(expression);

    private static ExpressionSyntax Bare(SyntaxNode node) => (ExpressionSyntax)node.WithoutTrivia();

    private static SyntaxToken Spaced(SyntaxKind kind) => Token(TriviaList(Space), kind, TriviaList(Space));
}
