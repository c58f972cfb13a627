using Microsoft.CodeAnalysis.CSharp;

namespace Mayu.Mutation.Tests;

/// <summary>Which faults are made of which code.</summary>
public class PlaceFinderTests
{
    [Theory]
    [InlineData("a < b", "a <= b", "a >= b")]
    [InlineData("a >= b", "a > b", "a < b")]
    [InlineData("a == b", "a != b")]
    [InlineData("a && b", "a || b")]
    [InlineData("!a", "a")]
    [InlineData("a - b", "a + b")]
    [InlineData("a is null", "!(a is null)")]
    [InlineData("a is > b and < c", "!(a is > b and < c)", "a is >= b and < c", "a is > b and <= c")]
    [InlineData("a ? b : c", "a ? c : b")]
    [InlineData("true", "false")]
    [InlineData("7", "8", "6")]
    [InlineData("0", "1")]
    [InlineData("a switch { b => c, _ => d }", "")]
    public void An_expression_has_these_faults(string expression, params string[] faults) => Assert.Equal(faults, Faults($"var x = {expression};"));

    [Theory]
    [InlineData("Call(a);", ";")]
    [InlineData("await Call(a);", ";")]
    [InlineData("a?.Call();", ";")]
    [InlineData("a += b;", "a -= b;")]
    [InlineData("a++;", "a--;")]
    [InlineData("if (a) { return; }", "if (false)", "if (true)")]
    [InlineData("switch (a) { case b: return; default: break; }", "")]
    public void A_statement_has_these_faults(string statement, params string[] faults) => Assert.Equal(faults, Faults(statement));

    // It cannot be written twice; where one side can be left out, that is the fault.
    [Fact]
    public void An_expression_that_declares_a_variable_is_not_doubled()
    {
        Assert.Equal(["a.TryGet(out var b)"], Faults("var x = a.TryGet(out var b) && c;"));
        Assert.Empty(Faults("var x = a is { } b || c is { } d;"));
        Assert.Empty(Faults("a.Take(out var b);"));
    }

    [Theory]
    [InlineData("const int Most = 7;")]
    [InlineData("LogStart(a, b == c);")]
    [InlineData("if (a) { LogStart(b); }")]
    [InlineData("ArgumentNullException.ThrowIfNull(a);")]
    [InlineData("throw new Exception($\"{a + b}\");")]
    [InlineData("var x = TimeSpan.FromSeconds(30);")]
    [InlineData("var x = new List<int>(16);")]
    [InlineData("var x = new byte[1500];")]
    [InlineData("var x = \"a\" + b;")]
    [InlineData("int Inner(int a = 7) { }")]
    [InlineData("[Range(1, 7)] int Inner() { }")]
    [InlineData("var x = nameof(a.b);")]
    public void What_no_test_should_notice_is_left_alone(string statement) => Assert.Empty(Faults(statement));

    private static IEnumerable<string> Faults(string statement)
    {
        var root = CSharpSyntaxTree.ParseText("class C { async Task M() { " + statement + " } }", cancellationToken: TestContext.Current.CancellationToken)
            .GetRoot(TestContext.Current.CancellationToken);
        return PlaceFinder.Find(root, new HashSet<string> { "LogStart" }).Select(place => place.After);
    }
}
