namespace Mayu.Primitives.Tests;

public class TokenTextTests
{
    private const string Token = "0123456789abcdef0123456789ABCDEF";

    [Theory]
    [InlineData("", "")]
    [InlineData("pxelinux.cfg/01-52-54-00-00-00-01", "pxelinux.cfg/01-52-54-00-00-00-01")]
    [InlineData("pxelinux.cfg/564d1f2e-8c1b-4f0a-9b3c-0123456789ab", "pxelinux.cfg/564d1f2e-8c1b-4f0a-9b3c-0123456789ab")]
    [InlineData("/boot/" + Token + "/config", "/boot/***/config")]
    [InlineData("boot\\" + Token, "boot\\***")]
    [InlineData("/boot%2F" + Token + "%2Fconfig", "/boot%***%2Fconfig")]
    [InlineData(Token, "***")]
    [InlineData(Token + "0/" + Token, "***/***")]
    [InlineData("x" + Token + "y", "x***y")]
    public void A_run_of_digits_that_may_be_a_token_is_hidden(string text, string expected) => Assert.Equal(expected, TokenText.Hide(text));

    [Fact]
    public void A_shorter_run_is_none() => Assert.Equal(Token[1..], TokenText.Hide(Token[1..]));
}
