using Mayu.Core.Machines;

namespace Mayu.Core.Tests.Machines;

public sealed class RefusalTests
{
    private static readonly Refusal Invalid = new(RefusalReason.Invalid, "It is none.");
    private static readonly Refusal Taken = new(RefusalReason.Conflict, "It is taken.");

    [Fact]
    public void A_refusal_is_of_a_field_and_of_what_is_in_it()
    {
        var entry = Invalid.Of("3").Of("metadata").Of("change");
        Assert.Equal([new FieldFault("change/metadata/3", "It is none.")], entry.Faults);
        Assert.Equal("It is none.", entry.Detail);
        Assert.Empty(Invalid.Faults);
    }

    [Fact]
    public void Several_are_told_as_one_which_is_invalid_if_one_of_them_is()
    {
        var both = Refusal.Together([Taken.Of("hostname"), Invalid]);
        Assert.Equal((RefusalReason.Invalid, "It is taken. It is none."), (both.Reason, both.Detail));
        Assert.Equal([new FieldFault("hostname", "It is taken."), new FieldFault(FieldFault.Whole, "It is none.")], both.Faults);
        Assert.Equal(RefusalReason.Conflict, Refusal.Together([Taken, Taken]).Reason);
        Assert.Empty(Refusal.Together([Taken, Invalid]).Faults);
        Assert.Same(Taken, Refusal.Together([Taken]));
    }
}
