using System.Globalization;
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
        Assert.Contains("is inside the node that it refers to", fault.Message, StringComparison.Ordinal);
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
    public void Aliases_of_a_list_are_counted_by_the_length_of_what_is_in_it()
    {
        var yaml = $"a: &a [\"{new string('x', 1 << 20)}\"]\nb: [{string.Join(", ", Enumerable.Repeat("*a", 20))}]";
        Assert.Contains($"more than {YamlLimits.MaxExpandedLength} characters", Problem(yaml), StringComparison.Ordinal);
    }

    [Fact]
    public void As_much_as_is_allowed_is_read()
    {
        Assert.Equal(YamlLimits.MaxNodes - 1, Assert.IsType<YamlList>(YamlLoader.Load($"[{string.Join(',', Enumerable.Repeat('a', YamlLimits.MaxNodes - 1))}]")).Items.Length);
        Assert.NotNull(YamlLoader.Load($"- &a {new string('x', 1 << 20)}\n{string.Concat(Enumerable.Repeat("- *a\n", (YamlLimits.MaxExpandedLength >> 20) - 1))}"));
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
    [InlineData("a: 1\nb: 2\na: 3", "this key is on line 1 already", 3)]
    [InlineData("a: 1\n\"a\": 3", "this key is on line 1 already", 2)]
    [InlineData("a: *b", "no anchor", 1)]
    [InlineData("a: !foo 1", "tag", 1)]
    [InlineData("a: !!binary aGk=", "tag", 1)]
    [InlineData("a: !!set {b: null}", "tag", 1)]
    [InlineData("a\n---\nb", "more than one YAML document", 2)]
    [InlineData("%YAML 1.1\n---\na: 1", "YAML 1.1", 1)]
    [InlineData("? [a, b]\n: c", "key", 1)]
    [InlineData("a: 1\nb: c\0d: 2", "U+0000", 2)]
    [InlineData("a: \"\\UFFFFFFFF\"", "not valid YAML", 1)]
    [InlineData("a: !<> b", "not valid YAML", 1)]
    [InlineData("a: [1, 2", "not valid YAML", 2)]
    [InlineData("a: b: c", "not valid YAML", 1)]
    public void What_is_no_document_of_one_meaning_is_refused_with_its_line(string yaml, string expected, int line)
    {
        var fault = Assert.Throws<YamlFaultException>(() => YamlLoader.Load(yaml));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Equal(line, fault.Line);
    }

    // PyYAML, which cloud-init reads with, refuses the whole document for one of them (a copy from a web page had U+0080).
    [Theory]
    [InlineData("a: b\nc: \"\u0080\"", "U+0080", 2)]
    [InlineData("a: b\r\nc: \u009f", "U+009F", 2)]
    [InlineData("a: b\rc: \u009f", "U+009F", 2)]
    [InlineData("# \u007f\na: b", "U+007F", 1)]
    [InlineData("a: \"\ufffe\"", "U+FFFE", 1)]
    [InlineData("a: \"\uffff\"", "U+FFFF", 1)]
    public void A_character_that_is_not_printable_is_refused_wherever_it_stands(string yaml, string expected, int line)
    {
        var fault = Assert.Throws<YamlFaultException>(() => YamlLoader.Load(yaml));
        Assert.Contains($"{expected}, which YAML does not allow", fault.Message, StringComparison.Ordinal);
        Assert.Equal(line, fault.Line);
    }

    // A comment ended there, and what stood behind it was a key.
    [Theory]
    [InlineData("a: b\n# no key:\u2028c: d", "U+2028", 2)]
    [InlineData("# no key:\u0085c: d", "U+0085", 1)]
    [InlineData("a: b\u2029 c", "U+2029", 1)]
    [InlineData("a: \"b\u2028 c\"", "U+2028", 1)]
    public void What_ends_a_line_in_one_generation_only_is_refused(string yaml, string expected, int line)
    {
        var fault = Assert.Throws<YamlFaultException>(() => YamlLoader.Load(yaml));
        Assert.Contains($"{expected}, which ends a line in YAML 1.1 and not in YAML 1.2", fault.Message, StringComparison.Ordinal);
        Assert.Equal(line, fault.Line);
    }

    // It was part of a key, which nobody sees: "there is no such key; did you mean" the very same.
    [Theory]
    [InlineData("---\n\ufeffa: 1", 2)]
    [InlineData("---\n\ufeff# a comment\na: 1", 2)]
    [InlineData("a: 1\r\n\ufeffb: 2", 2)]
    [InlineData("\ufeff\ufeffa: 1", 1)]
    public void A_byte_order_mark_that_begins_another_line_is_named(string yaml, int line)
    {
        var fault = Assert.Throws<YamlFaultException>(() => YamlLoader.Load(yaml));
        Assert.Contains("byte order mark", fault.Message, StringComparison.Ordinal);
        Assert.Equal((line, 1), (fault.Line, fault.Column));
    }

    [Fact]
    public void Within_a_text_a_byte_order_mark_and_what_needs_two_units_are_characters_as_others() =>
        Assert.Equal("b\ufeffc\U0001f600", ((YamlScalar)((YamlMap)YamlLoader.Load("a: \"b\ufeffc\U0001f600\"")!).Entries[0].Value).Text);

    // The parser said line 1 of all of them.
    [Theory]
    [InlineData("a: 1\nb:\n\tc: 1\n", 3, 1)]
    [InlineData("a: 1\nb:\n  c:\n  \t d: 1\n", 4, 3)]
    [InlineData("a: 1\nb:\n  c: |\n    x\n\ty\n", 5, 1)]
    [InlineData("a: |\n  x\n  \ty\nb:\r\n\tc: 1\n", 5, 1)]
    public void A_tab_that_indents_is_refused_at_its_own_line(string yaml, int line, int column)
    {
        var fault = Assert.Throws<YamlFaultException>(() => YamlLoader.Load(yaml));
        Assert.Contains("tab", fault.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (fault.Line, fault.Column));
    }

    [Theory]
    [InlineData("{\n\t\"a\": [\n\t\t1\n\t]\n}")]
    [InlineData("a:\t[1]\t# one\n")]
    [InlineData("a:\n-\t1\n")]
    public void A_tab_that_only_separates_is_no_fault(string yaml) => Assert.Equal("""{"a":[1]}""", Json(yaml));

    [Fact]
    public void Half_a_character_is_none()
    {
        Assert.All(["a: \"\ud800\"", "a\ud800"], yaml => Assert.Contains("U+D800", Problem(yaml), StringComparison.Ordinal));
        Assert.All(["\udc00", "a\udc00"], yaml => Assert.Contains("U+DC00", Problem(yaml), StringComparison.Ordinal));
        Assert.Equal("\U0001F511", Assert.IsType<YamlScalar>(YamlLoader.Load("\U0001F511")).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    public void Nothing_is_no_document(string yaml) => Assert.Null(YamlLoader.Load(yaml));

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_key() => Assert.Equal("""{"a":1}""", Json("\ufeffa: 1"));

    private static string Problem(string yaml) => Assert.Throws<YamlFaultException>(() => YamlLoader.Load(yaml)).Message;

    private static string Json(string yaml) => YamlToJson.Convert(YamlLoader.Load(yaml))!.ToJsonString(new() { MaxDepth = 200 });
}
