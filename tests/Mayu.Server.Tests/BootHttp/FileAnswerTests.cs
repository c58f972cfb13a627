using Mayu.Server.BootHttp;

namespace Mayu.Server.Tests.BootHttp;

public class FileAnswerTests
{
    [Theory]
    [InlineData(0, 120, false)]
    [InlineData(0, 121, true)]
    [InlineData(64 << 10, 127, false)]
    [InlineData(64 << 10, 130, true)]
    // A stall of a quarter of an hour, after 100 MiB at once.
    [InlineData(100 << 20, 1000, false)]
    [InlineData(300 << 20, 24 * 3600, true)]
    public void Two_minutes_do_not_count_and_then_it_is_8_KiB_a_second(long bytes, int seconds, bool isTooSlow) =>
        Assert.Equal(isTooSlow, FileAnswer.IsTooSlow(bytes, TimeSpan.FromSeconds(seconds)));
}
