using Mayu.Protocols.Net;

namespace Mayu.Protocols.Tests.Net;

public class WireTextTests
{
    [Theory]
    [InlineData("node-1", "node-1")]
    [InlineData("a\nb\\", "a\\x0ab\\x5c")]
    [InlineData("nul\0\0", "nul")]
    [InlineData(" ~\u001f\u007f", " ~\\x1f\\x7f")]
    [InlineData("\u001b[2J", "\\x1b[2J")]
    public void Wire_text_is_escaped_before_anybody_reads_it(string text, string expected)
    {
        Assert.Equal(expected, WireText.Printable(System.Text.Encoding.Latin1.GetBytes(text)));
    }

    [Fact]
    public void Long_wire_text_is_cut()
    {
        Assert.Equal("aaaa…", WireText.Printable("aaaaaaaa"u8, 4));
    }
}
