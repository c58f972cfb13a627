using FsCheck.Xunit;

namespace Mayu.Primitives.Tests;

public class SerialTests
{
    [Theory]
    [InlineData("ABC123", "abc123")]
    [InlineData("  Spaces Around ", "spaces-around")]
    [InlineData("a  b", "a-b")]
    [InlineData("/0001/CN7016", "/0001/cn7016")]
    public void A_serial_is_trimmed_lowered_and_its_spaces_become_hyphens(string given, string expected)
    {
        Assert.True(Serial.TryParse(given, out var serial, out _));
        Assert.Equal(expected, serial.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("sérial")]
    [InlineData("\u0430bc")]
    [InlineData("\u212aey")]
    [InlineData("\uff21bc")]
    [InlineData("\u0130x")]
    [InlineData("a\u00a0b")]
    [InlineData("a\u200bb")]
    [InlineData("\u202eabc")]
    public void What_is_no_printable_ascii_is_refused_with_the_reason(string? given)
    {
        Assert.False(Serial.TryParse(given, out _, out var refusal));
        Assert.NotEmpty(refusal);
    }

    [Fact]
    public void A_serial_longer_than_the_limit_is_refused()
    {
        Assert.True(Serial.TryParse(new string('a', Serial.MaxLength), out _, out _));
        Assert.False(Serial.TryParse(new string('a', Serial.MaxLength + 1), out _, out _));
        Assert.False(Serial.TryParse(new string('a', 64 * 1024), out _, out _));
    }

    [Fact]
    public void Serials_have_one_order_however_it_is_asked_for()
    {
        Assert.True(Serial.TryParse("a1", out var less, out _));
        Assert.True(Serial.TryParse("a2", out var more, out _));
        Assert.True(Serial.TryParse("A1", out var same, out _));
        Assert.True(less < more && less <= more && more > less && more >= less);
        Assert.False(more < less || more <= less || less > more || less >= more);
        Assert.True(less <= same && less >= same && less == same);
        Assert.False(less < same || less > same);
    }

    [Property]
    public bool Parsing_is_idempotent(string? text) =>
        !Serial.TryParse(text, out var serial, out _) || (Serial.TryParse(serial.Text, out var again, out _) && again == serial);
}
