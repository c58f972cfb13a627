namespace Mayu.Server.Tests;

public sealed class UnhandledFailureTests
{
    [Fact]
    public void Missing_rights_are_no_defect()
    {
        Assert.Equal("mayu: an error while reading or writing: '/a' is denied.", UnhandledFailure.Describe(new UnauthorizedAccessException("'/a' is denied."), isDebug: false));
        Assert.Equal("mayu: an error while reading or writing: full", UnhandledFailure.Describe(new IOException("full"), isDebug: false));
        Assert.StartsWith("mayu: a defect in mayu, please report it: FormatException: ", UnhandledFailure.Describe(new FormatException(), isDebug: false), StringComparison.Ordinal);
    }
}
