using System.Text.Json.Nodes;
using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

public sealed class InventoryTests
{
    private const string Asked = "GET /api/v1/machines?fields=serial%2Chostname%2CmacAddresses%2Cstate%2Cprofile%2CinternalAddress%2CbmcAddress%2Cimage%2Cenabled%2Cmetadata%2Ccabinet";

    [Fact]
    public async Task The_variables_of_one_host_are_printed_as_a_script_would_and_none_of_an_unknown_one()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Asked, """{"items":[{"serial":"a","hostname":"db","state":"running","internalAddress":"10.0.0.1","enabled":true},{"serial":"b","state":"unknown"}]}""");
        var (one, none) = (CtlRun.Against(api), CtlRun.Against(api));

        Assert.Equal(ExitCode.Ok, await one.RunAsync("inventory", "--ansible", "--host", "db"));
        Assert.Equal(ExitCode.Ok, await none.RunAsync("inventory", "--ansible", "--host", "b"));

        Assert.Equal(
            """{"ansible_host":"10.0.0.1","mayu_serial":"a","mayu_state":"running","mayu_enabled":true,"mayu_tags":[],"mayu_mac_addresses":[],"mayu_hostname":"db"}""",
            JsonNode.Parse(one.Out)!.ToJsonString());
        Assert.Equal("{}\n", none.Out);
    }

    [Fact]
    public async Task Two_names_that_would_be_one_group_are_two_groups_and_told()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Asked, """
            {"items":[{"serial":"a","hostname":"a","state":"running","internalAddress":"10.0.0.1","profile":"core-db"},
                      {"serial":"b","hostname":"b","state":"running","internalAddress":"10.0.0.2","profile":"core_db"}]}
            """);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("inventory", "--ansible", "--list"));

        var list = JsonNode.Parse(run.Out)!.AsObject();
        var groups = list.Select(group => group.Key).Where(name => name.StartsWith("profile_", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, groups.Count);
        Assert.All(groups, group => Assert.Matches("^profile_core_db_[0-9a-f]{8}$", group));
        Assert.All(groups, group => Assert.Single(list[group]!["hosts"]!.AsArray()));
        Assert.Contains("profile_core-db and profile_core_db would both be the group profile_core_db", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_name_is_no_pattern_and_no_template()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Asked, """{"items":[{"serial":"{{x}}","hostname":"a,b:!c","state":"run ning\n","internalAddress":"10.0.0.1","metadata":["é=[1]"]}]}""");
        var (json, yaml) = (CtlRun.Against(api), CtlRun.Against(api));

        await json.RunAsync("inventory", "--ansible");
        await yaml.RunAsync("inventory", "--ansible", "-o", "yaml");

        var list = JsonNode.Parse(json.Out)!;
        Assert.Equal(["_meta", "all", "state_run_ning_", "tag____1_"], list.AsObject().Select(group => group.Key));
        var host = Assert.Single(list["_meta"]!["hostvars"]!.AsObject());
        Assert.Equal("mayu_7b7b787d7d", host.Key);
        Assert.Equal("{{x}}", (string?)host.Value!["mayu_serial"]!["__ansible_unsafe"]);
        Assert.Contains("mayu_serial: !unsafe \"{{x}}\"", yaml.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name one of --ansible, --hosts and --zone.", "inventory")]
    [InlineData("Name one of --ansible, --hosts and --zone, not --ansible and --hosts.", "inventory", "--hosts", "--ansible")]
    [InlineData("--ns needs --zone.", "inventory", "--hosts", "--ns", "x")]
    [InlineData("--list needs --ansible.", "inventory", "--hosts", "--list")]
    public async Task What_does_not_go_together_is_told_before_anything_is_asked(string problem, params string[] words)
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Usage, await run.RunAsync(words));

        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }
}
