using Mayu.Lab.Rack;

namespace Mayu.Lab.Tests;

public class RackProcessTests
{
    [Fact]
    public void A_program_runs_in_the_namespace_and_dies_with_its_parent()
    {
        var wrapped = RackProcess.Wrap("mayu-lab-0a1b2c", "/work/x.log", "prog", ["-a", "two words"]).ToList();

        Assert.Equal(
            ["/work/x.log", "ip", "netns", "exec", "mayu-lab-0a1b2c", "setpriv", "--pdeathsig", "KILL", "prog", "-a", "two words"],
            wrapped[3..]);
    }
}
