using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Mayu.Mutation;

/// <summary>
/// Finds the places of a file that can be changed. Nothing is changed in attributes, constants, logs, checks for null (the
/// compiler makes them too), in the text of exceptions, and in what only makes a program faster (hash codes, capacities, lengths of buffers) or more patient (lengths of time).
/// </summary>
/// <param name="logMethods">The names of the methods that write a line of log.</param>
internal sealed class PlaceFinder(IReadOnlySet<string> logMethods) : CSharpSyntaxWalker
{
    private readonly List<Place> _places = [];

    public static IReadOnlyList<Place> Find(SyntaxNode root, IReadOnlySet<string> logMethods)
    {
        var finder = new PlaceFinder(logMethods);
        finder.Visit(root);
        return finder._places;
    }

    public override void VisitAttributeList(AttributeListSyntax node) { }

    public override void VisitEnumDeclaration(EnumDeclarationSyntax node) { }

    // A default value is a constant.
    public override void VisitParameter(ParameterSyntax node) { }

    public override void VisitThrowStatement(ThrowStatementSyntax node) { }

    public override void VisitThrowExpression(ThrowExpressionSyntax node) { }

    public override void VisitCaseSwitchLabel(CaseSwitchLabelSyntax node) { }

    public override void VisitCasePatternSwitchLabel(CasePatternSwitchLabelSyntax node) => Visit(node.WhenClause);

    public override void VisitArrayRankSpecifier(ArrayRankSpecifierSyntax node) { }

    public override void VisitInterpolationAlignmentClause(InterpolationAlignmentClauseSyntax node) { }

    public override void VisitFieldDeclaration(FieldDeclarationSyntax node)
    {
        if (!node.Modifiers.Any(SyntaxKind.ConstKeyword))
        {
            base.VisitFieldDeclaration(node);
        }
    }

    public override void VisitLocalDeclarationStatement(LocalDeclarationStatementSyntax node)
    {
        if (!node.IsConst)
        {
            base.VisitLocalDeclarationStatement(node);
        }
    }

    public override void VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        if (node.Identifier.Text != nameof(GetHashCode))
        {
            base.VisitMethodDeclaration(node);
        }
    }

    public override void VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        var isTime = NameOf(node).StartsWith("From", StringComparison.Ordinal) && node.Expression.ToString().StartsWith(nameof(TimeSpan), StringComparison.Ordinal);
        if (!IsLog(node) && !isTime && NameOf(node) is not ("nameof" or "ConfigureAwait" or "ThrowIfNull"))
        {
            base.VisitInvocationExpression(node);
        }
    }

    // The only argument of a collection is its capacity.
    public override void VisitObjectCreationExpression(ObjectCreationExpressionSyntax node)
    {
        if (node is not { Type: GenericNameSyntax, ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax }] })
        {
            base.VisitObjectCreationExpression(node);
        }
    }

    public override void VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        base.VisitBinaryExpression(node);
        switch (node.Kind())
        {
            case SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression or SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression
                or SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression or SyntaxKind.AddExpression or SyntaxKind.SubtractExpression:
                if (!Declares(node) && !IsText(node.Left) && !IsText(node.Right))
                {
                    AddOperators(node);
                }

                break;

            case SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression:
                AddLogical(node);
                break;

            case SyntaxKind.IsExpression:
                AddNegated(node, node);
                break;
        }
    }

    // Patterns are no expressions: the whole test is written twice.
    public override void VisitIsPatternExpression(IsPatternExpressionSyntax node)
    {
        Visit(node.Expression);
        if (Declares(node))
        {
            return;
        }

        AddNegated(node, node);
        var bounds = node.Pattern.DescendantNodesAndSelf().OfType<RelationalPatternSyntax>().ToArray();
        for (var index = 0; index < bounds.Length; index++)
        {
            var (at, changed) = (index, Token(Boundary(bounds[index].OperatorToken.Kind())));
            var after = node.ReplaceNode(bounds[index], bounds[index].WithOperatorToken(changed.WithTriviaFrom(bounds[index].OperatorToken)));
            Add(node, after.ToString(), (active, original, soFar) =>
            {
                var bound = ((IsPatternExpressionSyntax)original).Pattern.DescendantNodesAndSelf().OfType<RelationalPatternSyntax>().ElementAt(at);
                return Readings.Choose(active, original.ReplaceNode(bound, bound.WithOperatorToken(changed.WithTriviaFrom(bound.OperatorToken))), soFar);
            });
        }
    }

    public override void VisitPrefixUnaryExpression(PrefixUnaryExpressionSyntax node)
    {
        base.VisitPrefixUnaryExpression(node);
        if (node.IsKind(SyntaxKind.LogicalNotExpression) && !Declares(node))
        {
            Add(node, node.Operand.ToString(), (active, original, soFar) => Readings.Choose(active, ((PrefixUnaryExpressionSyntax)original).Operand, soFar));
        }
        else if (node.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression && node.Parent is not (ExpressionStatementSyntax or ForStatementSyntax))
        {
            var (kind, token) = node.IsKind(SyntaxKind.PreIncrementExpression)
                ? (SyntaxKind.PreDecrementExpression, SyntaxKind.MinusMinusToken) : (SyntaxKind.PreIncrementExpression, SyntaxKind.PlusPlusToken);
            Add(node, Token(token) + node.Operand.ToString(), (active, original, soFar) =>
                Readings.Choose(active, PrefixUnaryExpression(kind, Token(token), ((PrefixUnaryExpressionSyntax)original).Operand), soFar));
        }
    }

    public override void VisitConditionalExpression(ConditionalExpressionSyntax node)
    {
        base.VisitConditionalExpression(node);
        if (!Declares(node.Condition))
        {
            Add(node, $"{node.Condition} ? {node.WhenFalse} : {node.WhenTrue}", (active, _, soFar) =>
            {
                var whole = (ConditionalExpressionSyntax)soFar;
                return whole.WithCondition(Readings.Join(whole.Condition, SyntaxKind.NotEqualsExpression, active));
            });
        }
    }

    public override void VisitLiteralExpression(LiteralExpressionSyntax node)
    {
        if (node.Kind() is SyntaxKind.TrueLiteralExpression or SyntaxKind.FalseLiteralExpression)
        {
            var other = LiteralExpression(node.IsKind(SyntaxKind.TrueLiteralExpression) ? SyntaxKind.FalseLiteralExpression : SyntaxKind.TrueLiteralExpression);
            Add(node, other.ToString(), (active, _, soFar) => Readings.Choose(active, other, soFar));
        }
        else if (node.Token.Value is int number and < int.MaxValue)
        {
            foreach (var changed in number == 0 ? [1] : new[] { number + 1, number - 1 })
            {
                Add(node, changed.ToString(), (active, _, soFar) => Readings.Choose(active, ParseExpression(changed.ToString()), soFar));
            }
        }
    }

    public override void VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        base.VisitExpressionStatement(node);
        if (Declares(node))
        {
            return;
        }

        switch (node.Expression is AwaitExpressionSyntax wait ? wait.Expression : node.Expression)
        {
            case InvocationExpressionSyntax or ConditionalAccessExpressionSyntax when !IsLog(node.Expression):
                if (node.Expression is not InvocationExpressionSyntax call || NameOf(call) != "ThrowIfNull")
                {
                    Add(node, ";", (active, _, soFar) => Readings.Choose(active, changed: null, (StatementSyntax)soFar));
                }

                break;

            case AssignmentExpressionSyntax or PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax when Opposite(node.Expression) is { } changed:
                Add(node, changed + ";", (active, original, soFar) => Readings.Choose(
                    active, ExpressionStatement(Opposite(((ExpressionStatementSyntax)original).Expression)!), (StatementSyntax)soFar));
                break;
        }
    }

    public override void VisitIfStatement(IfStatementSyntax node)
    {
        if (node is { Else: null, Statement: BlockSyntax { Statements: [ExpressionStatementSyntax only] } } && IsLog(only.Expression))
        {
            return;
        }

        base.VisitIfStatement(node);
        AddGuard("false", SyntaxKind.LogicalAndExpression, isNot: true);
        AddGuard("true", SyntaxKind.LogicalOrExpression, isNot: false);

        void AddGuard(string constant, SyntaxKind kind, bool isNot) => _places.Add(new Place(node, $"if ({OneLine(node.Condition.ToString())})", $"if ({constant})",
            (active, _, soFar) => ((IfStatementSyntax)soFar).WithCondition(Readings.Join(((IfStatementSyntax)soFar).Condition, kind, active, isNot))));
    }

    public override void VisitSwitchExpressionArm(SwitchExpressionArmSyntax node)
    {
        if (node.WhenClause is { } when)
        {
            Visit(when);
        }

        Visit(node.Expression);
        if (node.Pattern is not DiscardPatternSyntax && node.Expression is not ThrowExpressionSyntax)
        {
            Add(node, "", (active, _, soFar) => ((SwitchExpressionArmSyntax)soFar).WithWhenClause(Readings.Unless(active, ((SwitchExpressionArmSyntax)soFar).WhenClause)));
        }
    }

    public override void VisitSwitchSection(SwitchSectionSyntax node)
    {
        base.VisitSwitchSection(node);
        if (node.Labels is not [CaseSwitchLabelSyntax or CasePatternSwitchLabelSyntax])
        {
            return;
        }

        _places.Add(new Place(node, OneLine(node.Labels[0].ToString()), "", (active, _, soFar) =>
        {
            var section = (SwitchSectionSyntax)soFar;
            var label = section.Labels[0];
            var (pattern, when) = label is CasePatternSwitchLabelSyntax withPattern
                ? (withPattern.Pattern, withPattern.WhenClause)
                : (ConstantPattern(((CaseSwitchLabelSyntax)label).Value), null);
            return section.WithLabels([CasePatternSwitchLabel(
                label.Keyword, pattern.WithTrailingTrivia(Space), Readings.Unless(active, when), label.ColonToken)]);
        }));
    }

    private void AddOperators(BinaryExpressionSyntax node)
    {
        SyntaxKind[] kinds = node.Kind() switch
        {
            SyntaxKind.LessThanExpression => [SyntaxKind.LessThanOrEqualExpression, SyntaxKind.GreaterThanOrEqualExpression],
            SyntaxKind.LessThanOrEqualExpression => [SyntaxKind.LessThanExpression, SyntaxKind.GreaterThanExpression],
            SyntaxKind.GreaterThanExpression => [SyntaxKind.GreaterThanOrEqualExpression, SyntaxKind.LessThanOrEqualExpression],
            SyntaxKind.GreaterThanOrEqualExpression => [SyntaxKind.GreaterThanExpression, SyntaxKind.LessThanExpression],
            SyntaxKind.EqualsExpression => [SyntaxKind.NotEqualsExpression],
            SyntaxKind.NotEqualsExpression => [SyntaxKind.EqualsExpression],
            SyntaxKind.AddExpression => [SyntaxKind.SubtractExpression],
            _ => [SyntaxKind.AddExpression],
        };
        foreach (var kind in kinds)
        {
            Add(node, WithKind(node, kind).ToString(), (active, original, soFar) => Readings.Choose(active, WithKind((BinaryExpressionSyntax)original, kind), soFar));
        }
    }

    // A side that declares a variable cannot be written twice, so the other one is left out.
    private void AddLogical(BinaryExpressionSyntax node)
    {
        var isAnd = node.IsKind(SyntaxKind.LogicalAndExpression);
        if (!Declares(node))
        {
            var kind = isAnd ? SyntaxKind.LogicalOrExpression : SyntaxKind.LogicalAndExpression;
            Add(node, WithKind(node, kind).ToString(), (active, original, soFar) => Readings.Choose(
                active, WithKind((BinaryExpressionSyntax)original, kind), soFar));
        }
        else if (!Declares(node.Right))
        {
            Add(node, node.Left.ToString(), (active, _, soFar) => soFar is BinaryExpressionSyntax whole
                ? whole.WithRight(Readings.Join(whole.Right, isAnd ? SyntaxKind.LogicalOrExpression : SyntaxKind.LogicalAndExpression, active, isNot: !isAnd))
                : soFar);
        }
    }

    private void AddNegated(ExpressionSyntax node, ExpressionSyntax test)
    {
        if (!Declares(node))
        {
            Add(node, $"!({test})", (active, original, soFar) => Readings.Choose(
                active, PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, ParenthesizedExpression((ExpressionSyntax)original.WithoutTrivia())), soFar));
        }
    }

    private void Add(SyntaxNode node, string after, ApplyMutant apply) => _places.Add(new Place(node, OneLine(node.ToString()), OneLine(after), apply));

    private bool IsLog(SyntaxNode node) => node is InvocationExpressionSyntax call && (logMethods.Contains(NameOf(call)) || NameOf(call) == "IsEnabled");

    private static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };

    // Adding texts has no opposite.
    private static bool IsText(ExpressionSyntax operand) => operand is InterpolatedStringExpressionSyntax || operand.IsKind(SyntaxKind.StringLiteralExpression)
        || (operand is BinaryExpressionSyntax both && both.IsKind(SyntaxKind.AddExpression) && (IsText(both.Left) || IsText(both.Right)));

    private static bool Declares(SyntaxNode node) => node.DescendantNodesAndSelf(inner => inner is not LambdaExpressionSyntax).OfType<SingleVariableDesignationSyntax>().Any();

    private static BinaryExpressionSyntax WithKind(BinaryExpressionSyntax node, SyntaxKind kind) =>
        BinaryExpression(kind, node.Left, BinaryExpression(kind, node.Left, node.Right).OperatorToken.WithTriviaFrom(node.OperatorToken), node.Right);

    private static SyntaxKind Boundary(SyntaxKind token) => token switch
    {
        SyntaxKind.LessThanToken => SyntaxKind.LessThanEqualsToken,
        SyntaxKind.LessThanEqualsToken => SyntaxKind.LessThanToken,
        SyntaxKind.GreaterThanToken => SyntaxKind.GreaterThanEqualsToken,
        _ => SyntaxKind.GreaterThanToken,
    };

    private static ExpressionSyntax? Opposite(ExpressionSyntax expression) => expression switch
    {
        AssignmentExpressionSyntax one when one.IsKind(SyntaxKind.AddAssignmentExpression) =>
            AssignmentExpression(SyntaxKind.SubtractAssignmentExpression, one.Left, Token(SyntaxKind.MinusEqualsToken).WithTriviaFrom(one.OperatorToken), one.Right),
        AssignmentExpressionSyntax one when one.IsKind(SyntaxKind.SubtractAssignmentExpression) =>
            AssignmentExpression(SyntaxKind.AddAssignmentExpression, one.Left, Token(SyntaxKind.PlusEqualsToken).WithTriviaFrom(one.OperatorToken), one.Right),
        PostfixUnaryExpressionSyntax one when one.IsKind(SyntaxKind.PostIncrementExpression) => PostfixUnaryExpression(SyntaxKind.PostDecrementExpression, one.Operand),
        PostfixUnaryExpressionSyntax one when one.IsKind(SyntaxKind.PostDecrementExpression) => PostfixUnaryExpression(SyntaxKind.PostIncrementExpression, one.Operand),
        PrefixUnaryExpressionSyntax one when one.IsKind(SyntaxKind.PreIncrementExpression) => PostfixUnaryExpression(SyntaxKind.PostDecrementExpression, one.Operand),
        PrefixUnaryExpressionSyntax one when one.IsKind(SyntaxKind.PreDecrementExpression) => PostfixUnaryExpression(SyntaxKind.PostIncrementExpression, one.Operand),
        _ => null,
    };

    private static string OneLine(string code) => string.Join(' ', code.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
