using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.Init;

namespace Mayu.Server.Tests.Init;

public sealed class InitTests
{
    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.1", "10.0.0.2-10.0.0.254")]
    [InlineData("10.0.0.0/24", "10.0.0.1 10.0.0.254", "10.0.0.2-10.0.0.253")]
    [InlineData("10.0.0.0/24", "10.0.0.200", "10.0.0.1-10.0.0.199")]
    [InlineData("10.0.0.0/24", "10.0.0.20-10.0.0.250 10.0.0.5", "10.0.0.6-10.0.0.19")]
    [InlineData("10.0.0.0/24", "192.168.0.1", "10.0.0.1-10.0.0.254")]
    [InlineData("10.0.0.0/30", "10.0.0.1", "10.0.0.2-10.0.0.2")]
    [InlineData("10.0.0.0/30", "10.0.0.1 10.0.0.2", null)]
    public void The_longest_run_of_free_addresses_is_found(string subnet, string taken, string? expected)
    {
        Assert.True(Ipv4Subnet.TryParse(subnet, out var parsed));
        Assert.Equal(expected, FreeRanges.Longest(parsed!, taken.Split(' ').Select(RangeOf))?.ToString());
    }

    [Theory]
    [InlineData("10.0.0.2-10.0.0.254", "10.0.0.155-10.0.0.254")]
    [InlineData("10.0.0.2-10.0.0.11", "10.0.0.7-10.0.0.11")]
    [InlineData("10.0.0.2-10.0.0.3", "10.0.0.3-10.0.0.3")]
    [InlineData("10.0.0.2", null)]
    public void Half_of_a_run_is_for_machines_that_bootstrap(string free, string? expected) => Assert.Equal(expected, FreeRanges.Bootstrap(RangeOf(free))?.ToString());

    [Fact]
    public void A_wrong_answer_is_asked_for_again_and_an_empty_one_takes_the_proposal()
    {
        var output = new StringWriter();
        var questions = new Questions(new StringReader("here\n\n10.0.0.9\n"), output, asks: true);
        Assert.Equal(Ipv4.Of(10, 0, 0, 1), questions.Ask<Ipv4>("Address", "--address", given: null, "10.0.0.1", Parse.Address));
        Assert.Equal(Ipv4.Of(10, 0, 0, 9), questions.Ask<Ipv4>("Router", "--router", given: null, proposed: null, Parse.Address));
        Assert.Equal(
            "Address [10.0.0.1]:   \"here\" is not an IPv4 address (like 10.0.0.1).\nAddress [10.0.0.1]: Router: ",
            output.ToString().ReplaceLineEndings("\n"));
        Assert.Throws<InitException>(() => questions.Ask<Ipv4>("Router", "--router", given: null, "10.0.0.1", Parse.Address));
    }

    [Fact]
    public void Where_nobody_is_asked_a_proposal_is_taken_and_a_wrong_flag_is_an_error()
    {
        var questions = new Questions(TextReader.Null, TextWriter.Null, asks: false);
        Assert.Equal(Ipv4.Of(10, 0, 0, 1), questions.Ask<Ipv4>("Address", "--address", given: null, "10.0.0.1", Parse.Address));
        Assert.Equal(Ipv4.Of(10, 0, 0, 2), questions.Ask<Ipv4>("Address", "--address", "10.0.0.2", "10.0.0.1", Parse.Address));
        Assert.Contains("set --address", Assert.Throws<InitException>(() => questions.Ask<Ipv4>("Address", "--address", given: null, proposed: null, Parse.Address)).Message, StringComparison.Ordinal);
        Assert.Contains("--address x", Assert.Throws<InitException>(() => questions.Ask<Ipv4>("Address", "--address", "x", "10.0.0.1", Parse.Address)).Message, StringComparison.Ordinal);
    }

    private static Ipv4Range RangeOf(string text)
    {
        Assert.True(Parse.AddressOrRange(text, out var range, out _));
        return range;
    }
}
