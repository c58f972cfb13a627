namespace Mayu.Ctl.Tests;

public sealed class UnhandledFailureTests
{
    [Fact]
    public void Missing_rights_are_no_defect()
    {
        Assert.Equal("the output cannot be written: '/a' is denied.", UnhandledFailure.Describe(new UnauthorizedAccessException("'/a' is denied.")));
        Assert.Equal("the output cannot be written: full", UnhandledFailure.Describe(new IOException("full")));
        Assert.StartsWith("a defect in mayuctl, please report it: FormatException: ", UnhandledFailure.Describe(new FormatException()), StringComparison.Ordinal);
    }
}
