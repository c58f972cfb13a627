using Mayu.Core.Machines;

namespace Mayu.Core.Tests.Machines;

public class HostnameTests
{
    [Theory]
    [InlineData("ABC 1", "abc-1")]
    [InlineData("/a/", "a")]
    [InlineData("7", "7")]
    [InlineData("##", "machine")]
    public void A_machine_is_called_by_what_a_label_can_have_of_its_serial(string serial, string expected) =>
        Assert.Equal(expected, Hostname.For(ClusterSnapshot.Empty, Sample.Serial(serial)));

    [Fact]
    public void A_name_that_others_have_gets_a_suffix_that_is_always_the_same_and_as_long_as_it_must_be()
    {
        var (first, second) = (Sample.Serial(new string('x', 100)), Sample.Serial(new string('x', 99)));
        var taken = ClusterSnapshot.Empty.With(Named("a", Hostname.For(ClusterSnapshot.Empty, first)));
        var suffixed = Hostname.For(taken, second);
        var longer = Hostname.For(taken.With(Named("b", suffixed)), second);

        Assert.Equal(new string('x', Hostname.MaxLength), Hostname.For(ClusterSnapshot.Empty, first));
        Assert.Matches("^x{57}-[0-9a-f]{5}$", suffixed);
        Assert.Matches("^x{52}-[0-9a-f]{10}$", longer);
        Assert.StartsWith(suffixed[58..], longer[53..], StringComparison.Ordinal);
        Assert.Equal(suffixed, Hostname.For(taken, second));
        Assert.True(Hostname.IsValid(suffixed) && Hostname.IsValid(longer));
    }

    private static Machine Named(string serial, string hostname) => Sample.Machine(serial) with { Hostname = hostname, InternalAddress = null, MacAddresses = [] };
}
