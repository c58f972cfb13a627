using Microsoft.CodeAnalysis.CSharp;

namespace Mayu.Mutation.Tests;

/// <summary>Which mutants a seed chooses.</summary>
public class ChoiceTests
{
    private const string Source = "class C { bool A(int a, int b) => a < b; bool B(int c, int d) => c == d && !A(c, d); int D(int e) => e + 7; }";

    [Fact]
    public void An_edit_leaves_the_order_of_what_was_not_edited()
    {
        var before = NamesInOrder(Source, seed: 1);
        var after = NamesInOrder("// A line more.\n" + Source.Replace("e + 7", "e > 8 ? 1 : 2", StringComparison.Ordinal), seed: 1);

        Assert.Equal(before.Intersect(after), after.Intersect(before));
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void Each_seed_has_an_order_of_its_own()
    {
        Assert.Equal(NamesInOrder(Source, seed: 1), NamesInOrder(Source, seed: 1));
        Assert.NotEqual(NamesInOrder(Source, seed: 1), NamesInOrder(Source, seed: 2));
        Assert.Equal(NamesInOrder(Source, seed: 1).Order(), NamesInOrder(Source, seed: 2).Order());
    }

    [Fact]
    public void Two_places_that_read_alike_are_two_mutants()
    {
        var order = Choice.Order([FileWith("class C { bool A(int a, int b) => a < b; bool B(int a, int b) => a < b; }")], seed: 1);

        Assert.Equal(4, order.Select(mutant => (mutant.Name, mutant.Place.Node)).Distinct().Count());
        Assert.Equal([1, 2, 3, 4], order.Select(mutant => mutant.Id));
    }

    private static IReadOnlyList<string> NamesInOrder(string source, int seed) =>
        [.. Choice.Order([FileWith(source)], seed).Select(mutant => $"{mutant.Place.Before} → {mutant.Place.After}")];

    private static SourceFile FileWith(string source)
    {
        var root = CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken).GetRoot(TestContext.Current.CancellationToken);
        return new SourceFile("Mayu.Tiny", "src/Mayu.Tiny/C.cs", root, PlaceFinder.Find(root, new HashSet<string>()));
    }
}
