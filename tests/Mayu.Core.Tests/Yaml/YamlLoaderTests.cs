using System.Globalization;
using Mayu.Core.Provisioning;
using Mayu.Core.Yaml;

namespace Mayu.Core.Tests.Yaml;

public class YamlLoaderTests
{
    // Each ended the process with a stack overflow.
    [Theory]
    [InlineData("x: &x [*x]", 1, 8)]
    [InlineData("vars: &v {a: *v}", 1, 14)]
    [InlineData("&a [b, {c: &d [e, *a]}]", 1, 19)]
    [InlineData("a: &a\n  b: &b\n    c: *a", 3, 8)]
    public void A_node_that_contains_itself_is_refused_at_its_alias(string yaml, int line, int column)
    {
        var fault = Assert.Throws<YamlFaultException>(() => YamlLoader.Load(yaml));
        Assert.Contains("stands within the very node that it names", fault.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (fault.Line, fault.Column));
    }

    [Fact]
    public void An_alias_is_the_node_that_it_names() =>
        Assert.Equal("""{"a":{"b":[1]},"c":[{"b":[1]},{"b":[1]}]}""", Json("a: &x {b: [1]}\nc: [*x, *x]"));

    [Fact]
    public void Aliases_of_aliases_are_counted_by_what_they_expand_to()
    {
        var laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + string.Concat(Enumerable.Range(1, 9).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n")));
        Assert.Contains($"more than {YamlLimits.MaxNodes} nodes", Problem(laughs), StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_of_a_long_text_are_counted_by_its_length()
    {
        var yaml = $"a: &a \"{new string('x', 1 << 20)}\"\nb: [{string.Join(", ", Enumerable.Repeat("*a", 20))}]";
        Assert.Contains($"more than {YamlLimits.MaxExpandedLength} characters", Problem(yaml), StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_of_nothing_are_counted_too() => Assert.Contains(
        $"more than {YamlLimits.MaxAliases} aliases", Problem("a: &a x\nb:\n" + string.Concat(Enumerable.Repeat("- *a\n", YamlLimits.MaxAliases + 1))), StringComparison.Ordinal);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    [InlineData("- ", "")]
    [InlineData("? ", "")]
    public void Nesting_is_bounded_whatever_it_is_made_of(string open, string close)
    {
        Assert.Contains($"more than {YamlLimits.MaxDepth} deep", Problem(Nested(1000)), StringComparison.Ordinal);
        Assert.Contains($"more than {YamlLimits.MaxDepth} deep", Problem(Nested(200_000)), StringComparison.Ordinal);

        string Nested(int depth) => string.Concat(Enumerable.Repeat(open, depth)) + "x" + string.Concat(Enumerable.Repeat(close, depth));
    }

    [Fact]
    public void As_deep_as_is_allowed_can_be_rendered_and_one_more_cannot()
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));
        Assert.Equal(Nested(YamlLimits.MaxDepth), Json(Nested(YamlLimits.MaxDepth)));
        Assert.Contains("deep", Problem(Nested(YamlLimits.MaxDepth + 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_is_as_deep_as_where_it_stands_and_what_it_names_together()
    {
        var half = (YamlLimits.MaxDepth / 2) + 1;
        var deep = string.Concat(Enumerable.Repeat("[", half)) + "{0}" + string.Concat(Enumerable.Repeat("]", half));
        Assert.Contains("deep", Problem("- &a " + deep.Replace("{0}", "", StringComparison.Ordinal) + "\n- " + deep.Replace("{0}", "*a", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_nodes_and_of_characters_is_bounded()
    {
        Assert.Contains("nodes", Problem(string.Concat(Enumerable.Repeat("- a\n", YamlLimits.MaxNodes))), StringComparison.Ordinal);
        Assert.Contains("characters", Problem(new string(' ', YamlLimits.MaxLength + 1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3", "line 1 has this one too", 3)]
    [InlineData("a: 1\n\"a\": 3", "line 1 has this one too", 2)]
    [InlineData("a: *b", "no anchor", 1)]
    [InlineData("a: !foo 1", "tag", 1)]
    [InlineData("a: !!binary aGk=", "tag", 1)]
    [InlineData("a: !!set {b: null}", "tag", 1)]
    [InlineData("a\n---\nb", "more than one YAML document", 2)]
    [InlineData("%YAML 1.1\n---\na: 1", "YAML 1.1", 1)]
    [InlineData("? [a, b]\n: c", "key", 1)]
    [InlineData("a: 1\nb: c\0d: 2", "U+0000", 2)]
    [InlineData("a: \"\\UFFFFFFFF\"", "no YAML", 1)]
    [InlineData("a: !<> b", "no YAML", 1)]
    [InlineData("a: [1, 2", "no YAML", 2)]
    [InlineData("a: b: c", "no YAML", 1)]
    public void What_is_no_document_of_one_meaning_is_refused_with_its_line(string yaml, string expected, int line)
    {
        var fault = Assert.Throws<YamlFaultException>(() => YamlLoader.Load(yaml));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Equal(line, fault.Line);
    }

    [Fact]
    public void Half_a_character_is_none() => Assert.Contains("U+D800", Problem("a: \"\ud800\""), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    public void Nothing_is_no_document(string yaml) => Assert.Null(YamlLoader.Load(yaml));

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_key() => Assert.Equal("""{"a":1}""", Json("\ufeffa: 1"));

    private static string Problem(string yaml) => Assert.Throws<YamlFaultException>(() => YamlLoader.Load(yaml)).Message;

    private static string Json(string yaml) => YamlToJson.Convert(YamlLoader.Load(yaml))!.ToJsonString(new() { MaxDepth = 200 });
}
