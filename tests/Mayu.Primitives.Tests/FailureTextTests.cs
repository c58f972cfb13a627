namespace Mayu.Primitives.Tests;

public sealed class FailureTextTests
{
    [Theory]
    [InlineData("Access to the path '/a' is denied.", "Access to the path '/a' is denied")]
    [InlineData("No space left on device", "No space left on device")]
    [InlineData("While parsing, something was found. ", "While parsing, something was found")]
    [InlineData("it goes on ...", "it goes on ...")]
    [InlineData("", "")]
    public void A_message_within_a_sentence_has_no_full_stop_of_its_own(string message, string reason) =>
        Assert.Equal(reason, new IOException(message).Reason());
}
