using Mayu.Core.Machines;

namespace Mayu.Core.Tests.Machines;

public class SharedTextTests
{
    [Fact]
    public void A_text_that_was_met_before_is_the_same_object()
    {
        var first = SharedText.Of(new string("PowerEdge R640"));
        Assert.Same(first, SharedText.Of(new string("PowerEdge R640")));
        Assert.Same(first, SharedText.Of("PowerEdge R640".AsSpan()));
        Assert.Null(SharedText.Of(null));
    }

    [Fact]
    public void A_text_that_is_too_long_is_itself_and_not_kept()
    {
        var longest = SharedText.Of(new string('x', SharedText.MaxLength));
        Assert.Same(longest, SharedText.Of(new string('x', SharedText.MaxLength)));
        Assert.Same(longest, SharedText.Of(longest.AsSpan()));

        var text = new string('x', SharedText.MaxLength + 1);
        Assert.Same(text, SharedText.Of(text));
        Assert.NotSame(SharedText.Of(text.AsSpan()), SharedText.Of(text.AsSpan()));
    }
}
