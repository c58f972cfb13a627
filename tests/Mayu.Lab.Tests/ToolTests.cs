using Mayu.Lab.Rack;

namespace Mayu.Lab.Tests;

public class ToolTests
{
    // Ctrl-C ended the `ip` that was laying out the rack, and the demo called that an error.
    [Fact]
    public async Task A_tool_has_a_session_of_its_own_so_that_the_terminals_Ctrl_C_does_not_reach_it()
    {
        var said = await Tool.RunAsync("sh", ["-c", "read -r _ _ _ _ _ session _ < /proc/$$/stat; echo $$ $session"], cancellation: TestContext.Current.CancellationToken);
        var ids = said.Output.Trim().Split(' ');
        Assert.Equal(ids[0], ids[1]);
    }

    [Fact]
    public async Task A_tool_that_is_not_there_is_named()
    {
        var failure = await Assert.ThrowsAsync<LabException>(() => Tool.RunAsync("no-such-tool", [], cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("cannot start no-such-tool: No such file or directory", failure.Message);
    }

    [Fact]
    public async Task A_tool_on_a_terminal_of_its_own_is_told_the_width()
    {
        var said = await Tool.ScreenAsync("sh", ["-c", "test -t 1 && stty size && echo it\\'s; exit 3"], 78, TestContext.Current.CancellationToken);
        Assert.Equal((3, "0 78\nit's\n"), (said.ExitCode, said.Output));
    }

    [Fact]
    public async Task What_a_tool_says_and_its_exit_code_come_back()
    {
        var said = await Tool.RunAsync("sh", ["-c", "echo out; echo err >&2; exit 3"], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(("sh -c echo out; echo err >&2; exit 3", 3, "out\n", "err\n"), (said.Command, said.ExitCode, said.Output, said.Errors));
    }
}
