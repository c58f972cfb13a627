using Mayu.InfoPusher.Push;

namespace Mayu.InfoPusher.Tests.Push;

public sealed class RetryPauseTests
{
    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(2, 0.5, 2)]
    [InlineData(4, 0.5, 8)]
    [InlineData(5, 0.5, 15)]
    [InlineData(1000, 0.5, 15)]
    [InlineData(1000, 0, 11.25)]
    [InlineData(1000, 1, 18.75)]
    public void Pauses_double_up_to_a_bound_and_spread_around_it(int failures, double chance, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryPause.After(failures, chance));
}
