using Mayu.Client.Text;

namespace Mayu.Client.Tests;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("plain täxt 漢字 😀", "plain täxt 漢字 😀")]
    [InlineData("a\nb\tc\rd", @"a\nb\tc\rd")]
    [InlineData("\u001b[31m\u0007\u0000\u009b", @"\x1b[31m\x07\x00\x9b")]
    [InlineData("\u202eevil\u2028", @"\u{202e}evil\u{2028}")]
    public void What_does_more_than_show_itself_is_escaped(string text, string expected) =>
        Assert.Equal(expected, PrintableText.Escape(text));

    [Fact]
    public void Half_a_character_is_escaped_too() => Assert.Equal(@"a\u{fffd}", PrintableText.Escape("a" + '\ud800'));
}
