using System.Text.Json.Nodes;
using Mayu.Lab;

namespace Mayu.Bench.Tests;

public class ComparisonTests
{
    [Fact]
    public void The_ratio_is_above_1_where_ours_is_better_in_every_unit()
    {
        var both = Comparison.Of("b", [Round(rate: 20, time: 5)], [Round(rate: 10, time: 20)]);

        Assert.Equal([2.0, 4.0], both.Select(one => one.Ratio));
        Assert.Equal(["b/rate", "b/time"], both.Select(one => one.Name));
    }

    [Fact]
    public void Medians_of_the_rounds_are_compared_and_their_ends_are_kept()
    {
        var rate = Comparison.Of("b", [Round(1, 1), Round(90, 1), Round(30, 1)], [Round(5, 1), Round(15, 1), Round(1000, 1)])[0];

        Assert.Equal(new Spread(30, 1, 90), rate.Ours);
        Assert.Equal(new Spread(15, 5, 1000), rate.Peer);
        Assert.Equal(2, rate.Ratio);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_was_not_measured_is_no_figure(double value)
    {
        var failure = Assert.Throws<LabException>(() => Comparison.Of("b", [Round(value, 1)], [Round(1, 1)]));
        Assert.Contains("rate was not measured", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rounds_with_other_figures_are_refused() =>
        Assert.Throws<LabException>(() => Comparison.Of("b", [Round(1, 1), [.. Round(1, 1).Reverse()]], [Round(1, 1), Round(1, 1)]));

    [Fact]
    public void The_json_has_name_ours_peer_ratio_and_unit()
    {
        var json = JsonNode.Parse(Report.Json(Comparison.Of("b", [Round(20, 5)], [Round(10, 20)])))!.AsArray();

        Assert.Equal("""{"name":"b/time","ours":5,"peer":20,"ratio":4,"unit":"ms"}""", json[1]!.ToJsonString());
    }

    [Fact]
    public void The_table_has_medians_and_spread() =>
        Assert.Contains(
            "b/rate  1/s   30.0 (1.00–90.0)  10.0 (10.0–10.0)   3.00",
            Report.Table(Comparison.Of("b", [Round(1, 1), Round(90, 1), Round(30, 1)], [Round(10, 1)])), StringComparison.Ordinal);

    private static IReadOnlyList<Figure> Round(double rate, double time) =>
        [new Figure("rate", "1/s", MoreIsBetter: true, rate), new Figure("time", "ms", MoreIsBetter: false, time)];
}
