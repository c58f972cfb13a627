using Mayu.Ctl.Output;

namespace Mayu.Ctl.Tests.Output;

public sealed class TableLayoutTests
{
    private static readonly Column[] Columns = ["serial", new("hop") { DropOrder = 1 }, new("seen") { DropOrder = 2 }, new("detail") { Wraps = true }, new("problem") { IsBelow = true }];

    [Theory]
    [InlineData(200, "0,1,2,3", "4", "", 50)]
    [InlineData(71, "0,1,2,3", "4", "", 31)]
    [InlineData(69, "0,1,3", "4", "2", 41)]
    [InlineData(57, "0,3", "4", "1,2", 41)]
    [InlineData(45, "0", "3,4", "1,2", 14)]
    [InlineData(5, "0", "3,4", "1,2", 14)]
    public void What_does_not_fit_is_left_out_wrapped_or_below(int width, string shown, string below, string dropped, int last)
    {
        var layout = TableLayout.Of(Columns, [14, 10, 10, 50, 90], width);
        Assert.Equal((shown, below, dropped, last), (string.Join(',', layout.Shown), string.Join(',', layout.Below), string.Join(',', layout.Dropped), layout.Widths[^1]));
    }

    [Fact]
    public void Columns_that_may_not_be_left_out_go_below_from_the_last_on()
    {
        var layout = TableLayout.Of(["serial", "ip", "mac"], [20, 15, 17], 40);
        Assert.Equal(("0,1", "2", ""), (string.Join(',', layout.Shown), string.Join(',', layout.Below), string.Join(',', layout.Dropped)));
    }

    [Fact]
    public void A_table_of_columns_that_come_below_has_the_first_of_them_as_its_rows()
    {
        var layout = TableLayout.Of([new("problem") { IsBelow = true }, new("conflict") { IsBelow = true }], [90, 20], 80);
        Assert.Equal(("0", "1"), (string.Join(',', layout.Shown), string.Join(',', layout.Below)));
    }
}
