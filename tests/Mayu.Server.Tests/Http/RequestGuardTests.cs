using Mayu.Core.Machines;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Tests.Http;

public class RequestGuardTests
{
    public static TheoryData<Exception, int> Answers => new()
    {
        { new NoSuchChangeException("no such"), StatusCodes.Status404NotFound },
        { new QuestionTooWideException("too wide"), StatusCodes.Status400BadRequest },
        { new StoreUnavailableException("a full disk"), StatusCodes.Status503ServiceUnavailable },
        { new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge), StatusCodes.Status413PayloadTooLarge },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_failure_that_is_nobodys_bug_has_its_own_answer(Exception failure, int status)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        await RequestGuard.RunAsync(context, _ => Task.FromException(failure), NullLogger.Instance);
        Assert.Equal(status, context.Response.StatusCode);
    }
}
