using Mayu.Core.Ignition;

namespace Mayu.Core.Tests.Ignition;

public class IgnitionSpecTests
{
    [Theory]
    [InlineData("application/vnd.coreos.ignition+json;version=3.3.0, */*;q=0.1", "3.3.0")]
    [InlineData("application/vnd.coreos.ignition+json; version=2.2.0, application/vnd.coreos.ignition+json; version=1; q=0.5, */*; q=0.1", "2.2.0")]
    [InlineData("application/vnd.coreos.ignition+json;version=1;q=0.5, Application/VND.coreos.ignition+json;version=\"2.3.0\"", "2.3.0")]
    [InlineData("application/vnd.coreos.ignition+json;version=2.4.0", "2.3.0")]
    [InlineData("application/vnd.coreos.ignition+json;version=3.9.0", "3.6.0")]
    [InlineData("application/vnd.coreos.ignition+json;version=3.5.0-experimental", "3.4.0")]
    [InlineData("application/vnd.coreos.ignition+json;version=2.1.0", "2.1.0")]
    [InlineData("application/vnd.coreos.ignition+json;version=1", "1.0.0")]
    public void The_newest_specification_of_a_machine_is_read_from_its_request(string accept, string expected) =>
        Assert.Equal(expected, IgnitionSpec.FromAccept(accept).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*/*")]
    [InlineData("application/json;version=3.3.0")]
    [InlineData("application/vnd.coreos.ignition+json")]
    [InlineData("application/vnd.coreos.ignition+json;version=3.3.0;q=0")]
    [InlineData("application/vnd.coreos.ignition+json;version=99999999999999.1.0")]
    [InlineData("application/vnd.coreos.ignition+json;version=3.x")]
    public void A_request_that_names_none_asks_for_none(string? accept) => Assert.Null(IgnitionSpec.FromAccept(accept));

    [Fact]
    public void A_request_of_any_length_is_answered() => Assert.Null(IgnitionSpec.FromAccept(new string(',', 1 << 20)));

    [Fact]
    public void Those_that_configs_are_written_in_can_be_named_and_no_others()
    {
        Assert.All(IgnitionSpec.Supported, spec => Assert.True(IgnitionSpec.TryParse(spec.ToString(), out var read) && read == spec));
        Assert.All(["3.7.0", "2.1.0", "2.4.0", "3.3", "3.3.0-experimental", "", null, " 3.3.0"], text => Assert.False(IgnitionSpec.TryParse(text, out _)));
        Assert.Equal(9, IgnitionSpec.Supported.Count);
    }
}
