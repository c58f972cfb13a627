namespace Mayu.Primitives.Tests;

public sealed class WordWrapTests
{
    [Theory]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one two three", 100, "one two three")]
    [InlineData("", 10, "")]
    [InlineData("  a   b ", 10, "a b")]
    [InlineData("52:54:00:00:00:01,52:54:00:00:00:02,52:54:00:00:00:03", 40, "52:54:00:00:00:01,52:54:00:00:00:02,|52:54:00:00:00:03")]
    [InlineData("abcdefgh", 3, "abc|def|gh")]
    public void Text_is_broken_at_spaces_lists_at_commas(string text, int width, string expected) =>
        Assert.Equal(expected, string.Join('|', WordWrap.Lines(text, width)));

    [Theory]
    [InlineData("mayuctl: it fits", 16, 0, "mayuctl: it fits")]
    [InlineData("mayuctl: it  keeps its spaces", 29, 0, "mayuctl: it  keeps its spaces")]
    [InlineData("mayuctl: this one does not fit", 24, 0, "mayuctl: this one does|not fit")]
    [InlineData("  is mayu running there, and is the port right?", 30, 2, "  is mayu running there, and|  is the port right?")]
    public void A_sentence_is_broken_where_it_does_not_fit(string text, int width, int indent, string expected) =>
        Assert.Equal(expected, WordWrap.Sentence(text, width, indent).Replace('\n', '|'));
}
