using Mayu.Server.Auth;

namespace Mayu.Server.Tests.Auth;

public sealed class OperatorTokenTests
{
    // A full disk left the file empty, and a client that sent a space that HTTP does not trim had the API.
    [Theory]
    [InlineData("", false)]
    [InlineData("\ufffd\ufffd", false)]
    [InlineData("two words", false)]
    [InlineData("0123456789abcdef", true)]
    [InlineData("-._~+/=", true)]
    public void What_no_client_can_send_is_no_token(string text, bool isToken) => Assert.Equal(isToken, OperatorToken.IsToken(text));
}
