using Mayu.Core.Machines;
using Mayu.Core.Selection;

namespace Mayu.Core.Tests.Selection;

public sealed class SelectorTests
{
    private static readonly Machine Machine = Sample.Machine("vm-001") with { Profile = "core", State = MachineState.Installed, Metadata = ["rack=7", "role=db"] };

    [Theory]
    [InlineData("", true)]
    [InlineData(" ", true)]
    [InlineData("profile=core", true)]
    [InlineData("profile=worker|core", true)]
    [InlineData("profile=worker", false)]
    [InlineData("profile!=worker", true)]
    [InlineData("profile!=worker|core", false)]
    [InlineData("state=installed, rack=7", true)]
    [InlineData("state=running|installed,enabled=true", true)]
    [InlineData("enabled=false", false)]
    [InlineData("rack=7,role=web", false)]
    [InlineData("rack!=8", true)]
    [InlineData("rack=7|8", false)]
    [InlineData("rack=", false)]
    [InlineData("serial=vm-001", true)]
    [InlineData("serial=vm-0", false)]
    [InlineData("serial=vm-0*", true)]
    [InlineData("serial=*", true)]
    [InlineData("serial!=vm-*", false)]
    public void A_machine_is_meant_that_meets_every_term(string text, bool isMeant)
    {
        Assert.True(Selector.TryParse(text, out var selector, out var problem), problem);
        Assert.Equal(isMeant, selector.Matches(Machine));
        Assert.True(Selector.TryParse(selector.ToString(), out var again, out _));
        Assert.Equal(isMeant, again.Matches(Machine));
        Assert.Equal(text.Trim().Length == 0, selector.IsEverything);
    }

    [Fact]
    public void A_machine_without_a_profile_has_none_of_any_name()
    {
        Assert.True(Selector.TryParse("profile=core", out var selector, out _));
        Assert.False(selector.Matches(Machine with { Profile = null }));
    }

    [Theory]
    [InlineData("core", "\"core\" is no term of a selector: write NAME=VALUE or NAME!=VALUE, like state=installed or rack=7.")]
    [InlineData("=7", "\"=7\" is no term")]
    [InlineData("!=7", "\"!=7\" is no term")]
    [InlineData("rack=7,", "\"\" is no term")]
    [InlineData("state=instaled", "There is no state \"instaled\"; there are unknown, configured, installing, installed, running; did you mean \"installed\"?")]
    [InlineData("state=", "There is no state")]
    [InlineData("profile=", "profile has no value.")]
    [InlineData("profile=a|", "profile has no value.")]
    [InlineData("enabled=yes", "enabled is true or false, not \"yes\".")]
    public void What_is_none_is_told(string text, string problem)
    {
        Assert.False(Selector.TryParse(text, out _, out var told));
        Assert.StartsWith(problem, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_and_terms_have_limits()
    {
        Assert.False(Selector.TryParse(new string('a', Selector.MaxLength + 1), out _, out var told));
        Assert.Equal("A selector has at most 1000 characters; this one has 1001.", told);
        Assert.True(Selector.TryParse(string.Join(',', Enumerable.Repeat("a=1", Selector.MaxTerms)), out _, out _));
        Assert.False(Selector.TryParse(string.Join(',', Enumerable.Repeat("a=1", Selector.MaxTerms + 1)), out _, out told));
        Assert.Equal("A selector has at most 16 terms; this one has 17.", told);
    }
}
