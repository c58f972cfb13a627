using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Mayu.Core.Machines;
using Mayu.Server.Configuration;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api.Legacy;

/// <summary>Who may send the first Mayu's admin requests, and what they change.</summary>
public sealed class LegacyClientTests
{
    private const string Here = "auth: {legacy_clients: [127.0.0.0/30]}\nprofiles: [{name: core, quantity: 2}]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("auth: {legacy_clients: []}")]
    [InlineData("auth: {legacy_clients: false}")]
    [InlineData("auth: {legacy_clients: [10.0.0.0/8, 127.0.0.2]}")]
    public async Task Nobody_is_answered_without_a_token_unless_the_configuration_names_the_network(string auth)
    {
        await using var server = await TestServer.StartAsync(auth + "\nprofiles: [{name: core, quantity: 2}]");
        await server.AskForConfigAsync("a");
        foreach (var (method, path) in new[] { ("GET", "/admin/hosts"), ("PUT", "/admin/host/a/mark_fresh"), ("PUT", "/admin/host/a/set_installed") })
        {
            using var answer = await server.ApiWithoutToken.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Token);

            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.StartsWith("The address 127.0.0.1 may not use this request without a token.", await TestServer.DetailOf(answer), StringComparison.Ordinal);
        }

        Assert.Equal(MachineState.Installing, server.Store.Current.Machines.Single().State);
        // Who has a token needs no network.
        Assert.Equal(HttpStatusCode.Accepted, (await PutAsync(server.Api, "a", "set_installed")).Status);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("[true]")]
    [InlineData("127.0.0.1")]
    [InlineData("[10.0.0.0/8, 127.0.0.0/30]")]
    public async Task A_client_of_a_network_that_is_named_needs_no_token_and_stands_in_the_history_by_its_address(string networks)
    {
        await using var server = await TestServer.StartAsync($"auth: {{legacy_clients: {networks}}}\nprofiles: [{{name: core, quantity: 2}}]");
        await server.AskForConfigAsync("a");

        Assert.Equal(HttpStatusCode.Accepted, (await PutAsync(server.ApiWithoutToken, "a", "set_provider_id", """{"ProviderId":"p1"}""")).Status);

        var change = JsonNode.Parse(await server.Api.GetStringAsync("/api/v1/history?serial=a&limit=1", Token))!["items"]![0]!;
        Assert.Equal(("legacy client 127.0.0.1", "set provider id to p1"), ((string?)change["who"], (string?)change["what"]));
        // Nothing else is open.
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.ApiWithoutToken.GetAsync(new Uri("/api/v1/machines", UriKind.Relative), Token)).StatusCode);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Host", "evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("Authorization", "Bearer wrong", HttpStatusCode.Unauthorized)]
    public async Task A_page_of_another_site_a_name_of_another_server_and_a_wrong_token_are_refused_all_the_same(string header, string value, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync(Here);
        await server.AskForConfigAsync("a");
        using var client = server.NewNamelessClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, "/admin/host/a/mark_fresh");
        request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await client.SendAsync(request, Token);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(MachineState.Installing, server.Store.Current.Machines.Single().State);
    }

    [Fact]
    public async Task A_state_is_set_as_the_first_mayu_meant_it_and_running_stays_running()
    {
        await using var server = await TestServer.StartAsync(Here);
        await server.AskForConfigAsync("a");

        Assert.Equal((MachineState.Running, false), await SetAsync("set_state", """{"State":"running"}"""));
        Assert.Equal((MachineState.Configured, true), await SetAsync("set_state", """{"State":"configured"}"""));
        Assert.Equal((MachineState.Configured, false), await SetAsync("mark_fresh", ""));
        var (status, reason) = await PutAsync(server.ApiWithoutToken, "a", "set_state", """{"State":"installing"}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("Machine a is configured and cannot be set to installing; ", reason, StringComparison.Ordinal);

        async Task<(MachineState State, bool KeepsData)> SetAsync(string what, string body)
        {
            Assert.Equal((HttpStatusCode.Accepted, ""), await PutAsync(server.ApiWithoutToken, "a", what, body));
            var machine = server.Store.Current.Machines.Single();
            return (machine.State, machine.KeepDiskData);
        }
    }

    [Fact]
    public async Task What_is_empty_takes_the_field_away()
    {
        await using var server = await TestServer.StartAsync(Here);
        await server.AskForConfigAsync("a");
        foreach (var (what, body) in new[]
        {
            ("set_metadata", """{"FleetMetadata":["role=x"]}"""), ("set_cabinet", """{"Cabinet":7}"""), ("set_provider_id", """{"ProviderId":"p"}"""),
            ("set_etcd_cluster_token", """{"EtcdClusterToken":"6c1f0a946c1f0a946c1f0a946c1f0a94"}"""),
            ("set_metadata", """{"FleetMetadata":[""]}"""), ("set_cabinet", "{}"), ("set_provider_id", "{}"), ("set_etcd_cluster_token", "{}"), ("set_etcd_cluster_token", "{}"),
        })
        {
            Assert.Equal((what, HttpStatusCode.Accepted), (what, (await PutAsync(server.ApiWithoutToken, "a", what, body)).Status));
        }

        var machine = server.Store.Current.Machines.Single();
        Assert.Equal((0, null, null, 0), (machine.Metadata.Length, machine.Cabinet, machine.ProviderId, machine.Overrides.Count));
    }

    [Theory]
    [InlineData("set_metadata", "{}", "FleetMetadata must be a list of tags like role=core.")]
    [InlineData("set_metadata", """{"FleetMetadata":["x y\n"]}""", "is not a tag")]
    [InlineData("set_ipmi_addr", "{}", "IPMIAddr must be an IPv4 address.")]
    [InlineData("set_ipmi_addr", """{"IPMIAddr":"::1"}""", "IPMIAddr must be an IPv4 address.")]
    [InlineData("set_etcd_cluster_token", """{"EtcdClusterToken":"short"}""", "The override etcd_token must be a discovery token")]
    [InlineData("override", """{"Overrides":{"a":"1","b c":"2"}}""", "\"b c\" is not a name for a template variable")]
    [InlineData("boot_complete", "{}", "Machine a is installing and cannot report boot_complete")]
    public async Task What_cannot_be_is_a_400_with_its_reason_in_plain_text_and_changes_nothing(string what, string body, string reason)
    {
        await using var server = await TestServer.StartAsync(Here);
        await server.AskForConfigAsync("a");
        var before = server.Store.Current.Machines.Single();

        var (status, told) = await PutAsync(server.ApiWithoutToken, "a", what, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(reason, told, StringComparison.Ordinal);
        Assert.Same(before, server.Store.Current.Machines.Single());
    }

    [Fact]
    public async Task A_report_moves_the_machine_and_its_trace_on_and_ends_its_boot_token()
    {
        await using var server = await TestServer.StartAsync(Here);
        var token = BootTokenServerTests.TokenIn(await server.Boot.GetStringAsync("/ipxebootscript?serial=a&mac=52-54-00-00-00-01", Token));
        await server.AskForConfigAsync("a");
        Assert.True(server.Tokens.TryFind(token, out var issued, out _) && server.Tokens.MayFetch(issued, "config", out _));

        await PutAsync(server.ApiWithoutToken, "a", "set_installed");
        Assert.Equal((MachineState.Installed, "installed"), (server.Store.Current.Machines.Single().State, (string?)(await server.MachineAsync("a"))["hop"]!["name"]));
        Assert.False(server.Tokens.MayFetch(issued, "config", out _));

        await PutAsync(server.ApiWithoutToken, "a", "boot_complete", $$"""{"CoreOSVersion":"1122","YochuVersion":"{{new string('9', 500)}}","Unknown":[1]}""");
        var machine = server.Store.Current.Machines.Single();
        Assert.Equal((MachineState.Running, "1122", 64), (machine.State, machine.Versions["CoreOS"], machine.Versions["Yochu"].Length));
        Assert.Equal("complete", (string?)(await server.MachineAsync("a"))["hop"]!["name"]);
    }

    [Fact]
    public async Task Versions_that_change_all_the_time_do_not_fill_the_history()
    {
        await using var server = await TestServer.StartAsync(Here);
        await server.AskForConfigAsync("a");
        await PutAsync(server.ApiWithoutToken, "a", "set_installed");
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(HttpStatusCode.Accepted, (await PutAsync(server.ApiWithoutToken, "a", "boot_complete", $$"""{"CoreOSVersion":"{{i}}"}""")).Status);
        }

        var changes = JsonNode.Parse(await server.Api.GetStringAsync("/api/v1/history?serial=a", Token))!["items"]!.AsArray();
        Assert.InRange(changes.Count(change => (string?)change!["what"] == "booted with other versions"), 1, 4);
    }

    [Fact]
    public async Task A_cabinet_that_is_no_number_is_left_out_of_the_list_which_old_clients_could_not_read_otherwise()
    {
        await using var server = await TestServer.StartAsync(Here);
        await server.AskForConfigAsync("a");
        (await server.Api.PatchAsync("/api/v1/machines/a", new StringContent("""{"cabinet":"c7"}"""), Token)).EnsureSuccessStatusCode();

        var host = JsonNode.Parse(await server.ApiWithoutToken.GetStringAsync("/admin/hosts", Token))![0]!.AsObject();

        Assert.Equal(("a", null), ((string?)host["Serial"], host["Cabinet"]));
        Assert.DoesNotContain(host, field => field.Value is null);
    }

    [Theory]
    [InlineData("auth: {legacy_clients: 10.0.0.0/33}", "auth.legacy_clients: \"10.0.0.0/33\" is not a network (like 10.0.0.0/24 or 10.0.0.5), true for every address, or false")]
    [InlineData("auth: {legacy_clients: [10.0.0.1/24]}", "\"10.0.0.1/24\" is not a network")]
    [InlineData("auth: {legacy_clients: {a: b}}", "auth.legacy_clients: it must be a list of: network")]
    [InlineData("auth: {legacy_client: true}", "auth.legacy_client: there is no such key; did you mean \"legacy_clients\"?")]
    public void What_is_no_network_is_told(string auth, string expected) => Assert.Contains(expected, Read(auth).Problems, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "")]
    [InlineData("api: {tls: false}", "api.tls: the API is plain HTTP: whoever sees its packets has the tokens that are sent. Use this on a trusted network only")]
    [InlineData("auth: {legacy_clients: true}", "auth.legacy_clients: everyone can change and reinstall every machine without a token. Remove the key when no client of the first Mayu is left")]
    [InlineData("auth: {legacy_clients: [10.0.0.0/24, 10.1.0.1]}", "auth.legacy_clients: every client in 10.0.0.0/24, 10.1.0.1 can change and reinstall every machine without a token. Remove the key when no client of the first Mayu is left")]
    public void What_takes_protection_away_is_told_at_each_start(string more, string expected) =>
        Assert.Equal(expected, string.Join('\n', Read(more).Configuration!.Openings.Select(opening => $"{opening.Key}: {opening.Problem}")));

    private static (MayuConfiguration? Configuration, string Problems) Read(string more)
    {
        var reader = ConfigurationReader.Read("test.yaml", $$$"""
            network: {interface: eth1, address: 10.0.0.1, subnet: 10.0.0.0/24, bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}, internal_range: {start: 10.0.0.10, end: 10.0.0.99}}
            defaults: {image: os-1}
            {{{more}}}
            """, OutsideValues.None);
        return (ConfigurationSchema.Bind(reader), string.Join('\n', reader.Problems));
    }

    private static async Task<(HttpStatusCode Status, string Body)> PutAsync(HttpClient client, string serial, string what, string body = "")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var answer = await client.PutAsync(new Uri($"/admin/host/{serial}/{what}", UriKind.Relative), content, Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
