using System.Text.Json.Nodes;
using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;
using YamlDotNet.RepresentationModel;

namespace Mayu.Ctl.Tests;

public sealed class StatusTests
{
    private const string Machine = """
        {"serial":"vm-001","uuid":"4c4c","hostname":"vm-001","macAddresses":["52:54:00:00:00:01"],"connectedNic":"eth0","state":"installing",
         "profile":"core","internalAddress":"10.1.0.2","firmware":"uefi","enabled":true,"versions":{"OS":"1.0","Kernel":"6.1"},"overrides":{"raid":true},
         "problem":{"at":"2026-01-02T11:59:00Z","hop":"image","reason":"the checksum is wrong"},
         "facts":{"serial":"VM-001","dmi":{"vendor":"QEMU","product":"Q35"},"cpu":{"model":"X","sockets":1,"cores":2,"threads":4},"memoryBytes":1073741824,
                  "disks":[{"name":"vda","sizeBytes":2147483648}],"netDevs":[{"name":"eth0","macAddress":"52:54:00:00:00:01"}]}}
        """;

    private const string Trace = """
        {"items":[{"name":"offer","at":"2026-01-02T11:58:00Z","detail":"10.0.0.100"},{"name":"file","at":"2026-01-02T11:58:01.5Z","bytes":1048576,"total":1048576,"durationMs":250},
                  {"name":"progress","at":"2026-01-02T11:59:00Z","detail":"writing the image","bytes":1048576,"total":2097152,"durationMs":7210}]}
        """;

    [Fact]
    public async Task Everything_is_shown_with_the_problem_and_the_trace()
    {
        await using var api = await ApiAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("status", "vm-001"));

        Assert.Equal(
            """
            serial      vm-001
            ip          10.1.0.2
            profile     core
            state       installing
            hostname    vm-001
            firmware    uefi
            uuid        4c4c
            mac         52:54:00:00:00:01
            nic         eth0
            versions    OS=1.0,Kernel=6.1
            overrides   raid=true
            enabled     yes
            keepdata    no
            hardware    QEMU Q35
            cpu         X (1 socket, 2 cores, 4 threads)
            memory      1 GiB
            disks       vda 2 GiB
            nics        eth0 52:54:00:00:00:01
            problem     the checksum is wrong
            problem at  image, 2026-01-02T11:59:00Z

            The hops of its boots:
            AT                    AFTER   HOP       SIZE            TOOK   DETAIL
            2026-01-02T11:58:00Z  -       offer     -               -      10.0.0.100
            2026-01-02T11:58:01Z  +1.5s   file      1 MiB           250ms  -
            2026-01-02T11:59:00Z  +58.5s  progress  1 MiB of 2 MiB  7.2s   writing the image

            """,
            run.Out);
    }

    [Fact]
    public async Task On_a_terminal_it_is_a_table_too()
    {
        await using var api = await ApiAsync();
        var run = CtlRun.Against(api, isTerminal: true);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("status", "vm-001"));

        Assert.Contains("the checksum is wrong", run.Out, StringComparison.Ordinal);
        Assert.Contains("1m00s ago", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_and_yaml_hold_the_machine_with_its_trace()
    {
        await using var api = await ApiAsync();
        var json = CtlRun.Against(api);
        var yaml = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await json.RunAsync("status", "vm-001", "-o", "json"));
        Assert.Equal(ExitCode.Ok, await yaml.RunAsync("status", "vm-001", "-o", "yaml"));

        var node = JsonNode.Parse(json.Out)!;
        Assert.Equal("installing", (string?)node["state"]);
        Assert.Equal(3, node["trace"]!.AsArray().Count);

        var document = new YamlStream();
        document.Load(new StringReader(yaml.Out));
        var root = (YamlMappingNode)document.Documents[0].RootNode;
        Assert.Equal("the checksum is wrong", root["problem"]["reason"].ToString());
        Assert.Equal("writing the image", root["trace"][2]["detail"].ToString());
        Assert.Equal("2147483648", root["facts"]["disks"][0]["sizeBytes"].ToString());
    }

    [Fact]
    public async Task Only_the_last_marks_of_a_long_trace_are_shown()
    {
        await using var api = await FakeApi.StartAsync();
        var hops = string.Join(',', Enumerable.Range(0, 50).Select(i => $$"""{"name":"script","at":"2026-01-02T11:00:{{i:00}}Z","detail":"no. {{i}}"}"""));
        api.Answer("GET /api/v1/machines/a", """{"serial":"a"}""").Answer("GET /api/v1/machines/a/trace", $$"""{"items":[{{hops}}]}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("status", "a"));

        Assert.Contains("The last 20 of 50 hops", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("no. 29", run.Out, StringComparison.Ordinal);
        Assert.Contains("no. 30", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_nobody_knows_is_a_refusal_in_the_servers_words()
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem("GET /api/v1/machines/nope", 404, "There is no such machine", "nobody with the serial 'nope' was seen");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.NotFound, await run.RunAsync("status", "nope"));

        Assert.Equal("mayuctl: There is no such machine: nobody with the serial 'nope' was seen\n", run.Error);
        Assert.Equal("", run.Out);
    }

    private static async Task<FakeApi> ApiAsync() => (await FakeApi.StartAsync())
        .Answer("GET /api/v1/machines/vm-001", Machine)
        .Answer("GET /api/v1/machines/vm-001/trace", Trace);
}
