using Mayu.Lab.Rack;

namespace Mayu.Lab.Tests;

public class RackNamesTests
{
    [Fact]
    public void Every_tap_of_a_full_rack_has_a_name_the_kernel_takes() =>
        Assert.All(Enumerable.Range(0, 255), place => Assert.True(RackNames.Tap(place).Length <= 15));

    [Theory]
    [InlineData("")]
    [InlineData("mayu-lab-bridge0")]
    [InlineData("br/0")]
    [InlineData("br 0")]
    [InlineData("..")]
    public void A_name_the_kernel_refuses_is_an_error_that_names_it(string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<LabException>(() => RackNames.CheckInterface(name)).Message);

    [Fact]
    public void A_new_name_is_known_as_a_rack_name() => Assert.True(RackNames.IsRackName(RackNames.New()));

    [Theory]
    [InlineData("mayu-lab-")]
    [InlineData("mayu-lab-my-own")]
    [InlineData("mayu-prod")]
    public void A_name_somebody_else_gave_is_no_rack_name(string name) => Assert.False(RackNames.IsRackName(name));
}
