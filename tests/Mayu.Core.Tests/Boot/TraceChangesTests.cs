using Mayu.Core.Boot;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Boot;

public class TraceChangesTests
{
    private static readonly MacAddress Mac = MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, 1]);

    [Fact]
    public void Whoever_asks_first_is_told_that_anything_may_have_changed_and_then_what_did()
    {
        var trace = new BootTrace(TimeProvider.System);
        trace.Mark(Of("a"), HopKind.Script, "x");
        Assert.Null(trace.TakeChanged());
        Assert.Empty(trace.TakeChanged()!);
        trace.Mark(Of("a"), HopKind.Script, "y");
        trace.Mark(Of("b"), HopKind.Script, "y");
        trace.Mark(Mac, HopKind.Discover, "nobody's yet");
        Assert.Equal(["a", "b"], Names(trace));
        Assert.Empty(trace.TakeChanged()!);
    }

    [Fact]
    public void A_card_that_moves_changes_both_machines()
    {
        var trace = new BootTrace(TimeProvider.System);
        trace.Link(Mac, Of("a"));
        trace.TakeChanged();
        trace.Link(Mac, Of("b"));
        Assert.Equal(["a", "b"], Names(trace));
        trace.Unlink(Mac);
        Assert.Equal(["b"], Names(trace));
        trace.Fail(Of("b"), "image", "checksum");
        Assert.Equal(["b"], Names(trace));
        trace.Forget(Of("b"));
        Assert.Equal(["b"], Names(trace));
        trace.Touch(Of("c"));
        Assert.Equal(["c"], Names(trace));
        trace.Log(Of("c"), "what it says is no step");
        Assert.Empty(trace.TakeChanged()!);
    }

    [Fact]
    public void A_stranger_that_is_pushed_out_has_changed()
    {
        var trace = new BootTrace(TimeProvider.System, _ => false, maxStrangers: 1);
        trace.Mark(Of("a"), HopKind.Script, "x");
        trace.TakeChanged();
        trace.Mark(Of("b"), HopKind.Script, "x");
        Assert.Equal(["a", "b"], Names(trace));
        Assert.Null(trace.Sighted(Of("a")));
        Assert.NotNull(trace.Sighted(Of("b")));
    }

    [Fact]
    public void Where_nobody_asks_for_long_only_that_anything_may_have_changed_is_kept()
    {
        var trace = new BootTrace(TimeProvider.System, _ => false, maxMachines: 3, maxStrangers: 3);
        trace.TakeChanged();
        for (var i = 0; i < 20; i++)
        {
            trace.Touch(Of($"m{i}"));
        }

        Assert.Null(trace.TakeChanged());
        Assert.Empty(trace.TakeChanged()!);
    }

    private static IEnumerable<string> Names(BootTrace trace) => trace.TakeChanged()!.Select(serial => serial.Text).Order(StringComparer.Ordinal);

    private static Serial Of(string text) => Serial.TryParse(text, out var serial, out _) ? serial : throw new ArgumentException(text, nameof(text));
}
