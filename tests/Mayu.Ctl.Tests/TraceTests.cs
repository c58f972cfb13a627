using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

public sealed class TraceTests
{
    private const string Trace = """
        {"serial":"vm-001","macAddresses":["52:54:00:00:00:01"],"state":"unknown",
         "stall":{"since":"2026-01-02T11:59:00Z","after":"file","expected":"script","reason":"it fetched ipxe.efi 60 s ago and never asked for its boot script","causes":["one\u001b[31m","two"]},
         "items":[{"name":"ack","at":"2026-01-02T11:58:59Z","detail":"10.0.0.100, boot file ipxe.efi"},
                  {"name":"file","at":"2026-01-02T11:59:00Z","bytes":1048576,"total":1048576,"durationMs":1200,"detail":"ipxe.efi by TFTP"}]}
        """;

    [Fact]
    public async Task A_trace_is_shown_with_what_did_not_follow()
    {
        await using var api = (await FakeApi.StartAsync()).Answer("GET /api/v1/machines/vm-001/trace", Trace);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("trace", "vm-001"));

        Assert.Equal(
            """
            vm-001, state unknown, MAC 52:54:00:00:00:01
            AT                    AFTER  HOP   SIZE   TOOK  DETAIL
            2026-01-02T11:58:59Z  -      ack   -      -     10.0.0.100, boot file ipxe.efi
            2026-01-02T11:59:00Z  +1.0s  file  1 MiB  1.2s  ipxe.efi by TFTP
            It is stuck: it fetched ipxe.efi 60 s ago and never asked for its boot script.
            Expected next: script. Usual causes:
              - one\x1b[31m
              - two

            """,
            run.Out);
    }

    [Fact]
    public async Task A_mark_of_another_machine_is_shown_with_its_mac()
    {
        await using var api = (await FakeApi.StartAsync()).Answer("GET /api/v1/machines/vm-001/trace", """
            {"serial":"vm-001","macAddresses":["52:54:00:00:00:01"],"state":"unknown",
             "items":[{"name":"script","at":"2026-01-02T09:00:00Z","detail":"iPXE script"},
                      {"name":"script","at":"2026-01-02T09:00:10Z","macAddress":"52:54:00:00:00:02","detail":"iPXE script"}]}
            """);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("trace", "vm-001"));

        Assert.Equal(
            """
            vm-001, state unknown, MAC 52:54:00:00:00:01
            AT                    AFTER   HOP     SIZE  TOOK  MAC                DETAIL
            2026-01-02T09:00:00Z  -       script  -     -     -                  iPXE script
            2026-01-02T09:00:10Z  +10.0s  script  -     -     52:54:00:00:00:02  iPXE script

            """,
            run.Out);
    }

    [Fact]
    public async Task A_loop_is_shown_as_its_first_round_with_how_often_and_when_last()
    {
        await using var api = (await FakeApi.StartAsync()).Answer("GET /api/v1/machines/vm-001/trace", """
            {"serial":"vm-001","macAddresses":["52:54:00:00:00:01"],"state":"unknown",
             "items":[{"name":"script","at":"2026-01-02T09:00:00Z","detail":"iPXE script"},
                      {"name":"discover","at":"2026-01-02T12:03:10Z","first":"2026-01-02T09:00:10Z","count":37,"detail":"PXE firmware"},
                      {"name":"silent","at":"2026-01-02T12:03:11Z","first":"2026-01-02T09:00:11Z","count":37},
                      {"name":"discover","at":"2026-01-02T12:08:11Z","count":1,"detail":"PXE firmware"}]}
            """);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("trace", "vm-001"));

        Assert.Equal(
            """
            vm-001, state unknown, MAC 52:54:00:00:00:01
            AT                    AFTER    HOP       SIZE  TOOK  DETAIL
            2026-01-02T09:00:00Z  -        script    -     -     iPXE script
            2026-01-02T09:00:10Z  +10.0s   discover  -     -     PXE firmware (×37, last 2026-01-02T12:03:10Z)
            2026-01-02T09:00:11Z  +1.0s    silent    -     -     (×37, last 2026-01-02T12:03:11Z)
            2026-01-02T12:08:11Z  +300.0s  discover  -     -     PXE firmware

            """,
            run.Out);
    }

    [Fact]
    public async Task Strangers_are_listed_by_their_macs()
    {
        await using var api = (await FakeApi.StartAsync()).Answer("GET /api/v1/strangers", """
            {"items":[{"macAddresses":["52:54:00:00:00:07"],"firstSeen":"2026-01-02T11:00:00Z","lastSeen":"2026-01-02T11:59:00Z",
                       "hop":{"name":"silent","at":"2026-01-02T11:59:00Z","detail":"no boot loader"}}]}
            """);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("trace"));

        Assert.Equal("MAC                SERIAL  HOP     LASTSEEN              PROBLEM\n52:54:00:00:00:07  -       silent  2026-01-02T11:59:00Z  no boot loader\n", run.Out);
    }

    [Fact]
    public async Task What_follows_comes_line_by_line_until_it_is_interrupted()
    {
        const string Events = """
            : watching

            id: 1-1
            event: hop
            data: {"kind":"hop","at":"2026-01-02T12:00:00Z","serial":"vm-001","hop":{"name":"kernel","at":"2026-01-02T12:00:00Z","bytes":1024,"total":2048,"count":3,"first":"2026-01-02T11:00:00Z","detail":"os/vmlinuz"}}

            id: 1-2
            event: state
            data: {"kind":"state","at":"2026-01-02T12:00:01Z","serial":"vm-001","before":"unknown","state":"configured"}

            id: 1-9
            event: gap
            data: {"missed":6}


            """;
        await using var api = (await FakeApi.StartAsync()).Answer("GET /api/v1/events", Events, type: "text/event-stream");
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = CtlRun.Against(api);

        var running = run.RunAsync(interrupted.Token, "trace", "--follow");
        while (api.Requests.Count < 2)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await interrupted.CancelAsync();
        Assert.Equal(ExitCode.Ok, await running);
        Assert.StartsWith(
            """
            2026-01-02T12:00:00Z  vm-001  kernel       1 KiB of 2 KiB  os/vmlinuz  ×3
            2026-01-02T12:00:01Z  vm-001  state        unknown -> configured
            gap          6 events were missed here

            """,
            run.Out, StringComparison.Ordinal);
        Assert.Contains("the event stream was lost; trying again", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_a_refusal_in_the_servers_words()
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem("GET /api/v1/machines/nope/trace", 404, "Not found", "There is no machine nope");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.NotFound, await run.RunAsync("trace", "nope"));
        Assert.Equal("mayuctl: Not found: There is no machine nope\n", run.Error);
    }
}
