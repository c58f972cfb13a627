using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

public sealed class ExplainTests
{
    private const string Explanation = """
        {"serial":"vm-001","macAddress":"52:54:00:00:00:01","state":"running","profile":"core","firmware":"uefi-x64","engine":"builtin",
         "answer":"local-disk","reason":"it is running: its own disk boots",
         "mouths":[{"name":"dhcp-ipxe","answers":false,"says":"silence: it is running"},{"name":"ipxe","answers":true,"says":"a script","text":"#!ipxe\nexit 1\n"}]}
        """;

    [Fact]
    public async Task Every_mouth_is_told_and_the_script_where_a_loader_is_named()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/explain/vm-001", Explanation).Answer("GET /api/v1/explain/vm-001?firmware=bios&loader=ipxe", Explanation);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("explain", "vm-001"));
        const string Table = """
            vm-001, state running, profile core, MAC 52:54:00:00:00:01, firmware uefi-x64, engine builtin
            Boot answer: local-disk, because it is running: its own disk boots.
            MOUTH      ANSWERS  SAYS
            dhcp-ipxe  no       silence: it is running
            ipxe       yes      a script

            """;
        Assert.Equal(Table, run.Out);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("explain", "vm-001", "--firmware", "bios", "--loader", "ipxe"));
        Assert.Equal(Table + "\n#!ipxe\nexit 1\n\n", run.Out);
    }

    [Fact]
    public async Task A_loader_that_there_is_not_is_a_wrong_command_line()
    {
        await using var api = await FakeApi.StartAsync();
        Assert.Equal(ExitCode.Usage, await CtlRun.Against(api).RunAsync("explain", "vm-001", "--loader", "lilo"));
    }
}
