using Mayu.Lab.Rack;

namespace Mayu.Lab.Tests;

public class LogTailTests
{
    [Fact]
    public void Control_sequences_of_a_console_are_left_out() =>
        Assert.Equal("iPXE initialising\nok", LogTail.Clean("\e[0;1miPXE\e[0m\b initialising\r\n\ecok"));

    [Fact]
    public void A_sequence_cut_off_by_the_end_is_left_out() => Assert.Equal("ok", LogTail.Clean("ok\e[0;1"));

    [Fact]
    public void A_file_that_is_not_there_is_named() => Assert.Contains("/no/such.log", LogTail.Read("/no/such.log"));
}
