namespace Mayu.Bench.Tests;

public class SpreadTests
{
    [Theory]
    [InlineData(new double[] { 7 }, 7)]
    [InlineData(new double[] { 9, 1, 5 }, 5)]
    [InlineData(new double[] { 4, 1, 9, 2 }, 3)]
    public void The_median_is_the_middle(double[] values, double expected) => Assert.Equal(expected, Spread.Of(values).Median);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 20)]
    [InlineData(100, 99)]
    [InlineData(200, 198)]
    public void P99_is_the_nearest_rank(int count, double expected) =>
        Assert.Equal(expected, Spread.Percentile([.. Enumerable.Range(1, count).Reverse().Select(value => (double)value)], 0.99));
}
