using System.Net;
using System.Text.Json.Nodes;
using Mayu.Server.Live;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Reload;

/// <summary>A server takes another configuration over while it runs: all of it, or nothing.</summary>
public sealed class ReloadTests
{
    private const string Profiles = """
        profiles:
          - {name: core, quantity: 1, provisioning: generic, template: core.txt}
          - {name: edge, quantity: 1, provisioning: generic, template: edge.txt}
        vars: {rack: r1}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Profiles_templates_and_variables_change_without_a_restart()
    {
        await using var server = await StartAsync();
        Assert.Equal("core r1", await ConfigAsync(server, "a", 1));

        Write(server, "more/generic/core.txt", "new {{ vars.rack | uri }}");
        Edit(server, ("rack: r1", "rack: r2"), ($"{server.Folder}/templates", $"{server.Folder}/more"), ("name: edge, quantity: 1", "name: storage, quantity: 1"), ("template: edge.txt", "template: core.txt"));
        using var answer = await ReloadAsync(server);
        var said = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["templates_dir", "profiles", "vars"], said["changed"]!.AsArray().Select(key => (string?)key));

        Assert.Equal("new r2", await ConfigAsync(server, "a", 1));
        Assert.Equal("new r2", await ConfigAsync(server, "b", 2));
        Assert.Equal("storage", (string?)(await server.MachineAsync("b"))["profile"]);
    }

    [Theory]
    [InlineData("internal_range: {start: 127.0.0.10", "internal_range: {start: 127.0.0.11", "network.internal_range.start")]
    [InlineData("tftp_root:", "boot: {port: 4999}\ntftp_root:", "boot.port")]
    [InlineData("tftp_root:", "engine: external\ntftp_root:", "engine")]
    public async Task A_key_that_needs_a_restart_is_refused_by_name_and_nothing_else_is_taken_over(string from, string to, string key)
    {
        await using var server = await StartAsync();
        Edit(server, (from, to), ("rack: r1", "rack: r2"));
        using var answer = await ReloadAsync(server);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains($"{server.Folder}/config.yaml: {key}: a change of this key needs a restart", await TestServer.DetailOf(answer), StringComparison.Ordinal);
        Assert.Equal("core r1", await ConfigAsync(server, "a", 1));
    }

    [Theory]
    [InlineData("vars: {rack: r1}", "vars: {rack: r2", "config.yaml:")]
    [InlineData("quantity: 1, provisioning", "quantity: x, provisioning", "profiles[].quantity")]
    [InlineData("vars: {rack: r1}", "vars: {rack: r2}\nsecrets: [{name: key, file: /nowhere/key}]", "secrets: the secret key cannot be read: ")]
    [InlineData("template: core.txt", "template: none.txt", "generic/none.txt")]
    public async Task What_is_wrong_is_an_alarm_until_a_reload_succeeds(string from, string to, string expected)
    {
        await using var server = await StartAsync();
        Edit(server, (from, to));
        using (var refused = await ReloadAsync(server))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains(expected, await TestServer.DetailOf(refused), StringComparison.Ordinal);
        }

        Assert.Contains("alarm: ", await ReadyAsync(server), StringComparison.Ordinal);
        Assert.Contains("config.yaml was not reloaded: ", await ReadyAsync(server), StringComparison.Ordinal);
        Assert.Equal("core r1", await ConfigAsync(server, "a", 1));

        Edit(server, (to, from));
        using (var reloaded = await ReloadAsync(server))
        {
            Assert.Equal("""{"changed":[],"warnings":[]}""", await reloaded.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.DoesNotContain("alarm: ", await ReadyAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_started_with_and_could_not_render_does_not_hold_up_another_change()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        Write(server, "templates/generic/core.txt", "core {{ vars.rack | uri }}");
        Edit(server, ("rack: r1", "rack: r2"));
        using (var answer = await ReloadAsync(server))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("generic/edge.txt", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Assert.Equal("core r2", await ConfigAsync(server, "a", 1));
        Write(server, "templates/generic/core.txt", "{{ vars.rcak | uri }}");
        using var refused = await ReloadAsync(server);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.DoesNotContain("edge.txt", await TestServer.DetailOf(refused), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file: FOLDER/hash", "passwordHash: {{ secrets.hash | yaml }}", HttpStatusCode.OK, "\"warnings\":[]")]
    [InlineData("file: FOLDER/word", "passwordHash: {{ secrets.hash | yaml }}", HttpStatusCode.Conflict, "passwd.users[0].passwordHash: it is no hash")]
    [InlineData("file: \"FOLDER/{serial}\"", "passwordHash: {{ secrets.hash | yaml }}", HttpStatusCode.OK, "\"warnings\":[]")]
    [InlineData("file: \"FOLDER/{serial}\"", "passwordHash: {{ secrets.hash | math.abs }}", HttpStatusCode.OK, "not checked, since a placeholder stands for a secret")]
    public async Task Configs_are_checked_with_the_secrets_and_no_placeholder_keeps_a_reload_from_anything(string source, string config, HttpStatusCode expected, string said)
    {
        await using var server = await StartAsync();
        Write(server, "hash", "$6$abcdefgh$" + new string('x', 86));
        Write(server, "word", "hunter2-hunter2");
        Write(server, "templates/ignition/core.yaml", $"ignition: {{version: 3.3.0}}\npasswd:\n  users:\n    - name: core\n      {config}\n");
        Edit(server, ("provisioning: generic, template: core.txt", "template: core"), ("vars: {rack: r1}", $"secrets: [{{name: hash, {source.Replace("FOLDER", server.Folder, StringComparison.Ordinal)}}}]\nvars: {{rack: r1}}"));
        using var answer = await ReloadAsync(server);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_machines_have_and_that_is_gone_is_a_warning()
    {
        await using var server = await StartAsync();
        Assert.Equal("core r1", await ConfigAsync(server, "a", 1));
        Edit(server, ("name: core", "name: kernel"));
        using var answer = await ReloadAsync(server);
        Assert.Contains("profile core is not in the configuration: 1 known machine of it gets no config: a", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alarm_ends_with_its_machine()
    {
        await using var server = await StartAsync();
        Write(server, "templates/generic/core.txt", "{{ vars.rcak | uri }}");
        using (var broken = await server.AskForConfigAsync("a", 1))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, broken.StatusCode);
        }

        Assert.Contains("alarm: profile core: machine a", await ReadyAsync(server), StringComparison.Ordinal);
        (await server.Api.DeleteAsync("/api/v1/machines/a", Cancellation)).EnsureSuccessStatusCode();
        Assert.DoesNotContain("alarm: ", await ReadyAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_missing_is_a_warning()
    {
        await using var server = await StartAsync();
        Edit(server, ("template: core.txt", "template: core.txt, image: later"));
        using var answer = await ReloadAsync(server);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("image \\u0022later\\u0022 is missing", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_needs_the_token()
    {
        await using var server = await StartAsync();
        using var answer = await server.ApiWithoutToken.PostAsync("/api/v1/reload", null, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_template_that_breaks_stops_its_profile_alone_and_is_an_alarm_until_it_is_mended()
    {
        await using var server = await StartAsync();
        Assert.Equal("core r1", await ConfigAsync(server, "a", 1));
        Assert.Equal("edge r1", await ConfigAsync(server, "b", 2));

        Write(server, "templates/generic/core.txt", "{{ vars.rcak | uri }}");
        using (var broken = await server.AskForConfigAsync("a", 1))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, broken.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(10), broken.Headers.RetryAfter?.Delta);
            Assert.Contains("there is no `vars.rcak`", await TestServer.DetailOf(broken), StringComparison.Ordinal);
        }

        Assert.Equal("edge r1", await ConfigAsync(server, "b", 2));
        Assert.Contains($"alarm: profile core: machine a got no config: template {server.Folder}/templates/generic/core.txt, line 1, column 9: it cannot be rendered\n", await ReadyAsync(server) + "\n", StringComparison.Ordinal);

        Write(server, "templates/generic/core.txt", "mended");
        Assert.Equal("mended", await ConfigAsync(server, "a", 1));
        Assert.DoesNotContain("alarm: ", await ReadyAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_keeps_the_configuration_that_it_began_with()
    {
        var configuration = SmallConfiguration.In("/nowhere");
        var none = Core.Provisioning.SecretPlaceholders.None;
        var (first, second) = (ServedConfiguration.Of(configuration, none), ServedConfiguration.Of(configuration, none));
        var live = new LiveConfiguration(first);
        await live.PinAsync(async () =>
        {
            live.Replace(second);
            await Task.Yield();
            Assert.Same(first, live.Current);
        });
        Assert.Same(second, live.Current);
    }

    private static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(Profiles);
        Write(server, "templates/generic/core.txt", "core {{ vars.rack | uri }}");
        Write(server, "templates/generic/edge.txt", "edge {{ vars.rack | uri }}");
        return server;
    }

    private static void Write(TestServer server, string name, string text)
    {
        var path = Path.Combine(server.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static void Edit(TestServer server, params (string From, string To)[] edits)
    {
        var file = Path.Combine(server.Folder, "config.yaml");
        var text = File.ReadAllText(file);
        foreach (var (from, to) in edits)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        File.WriteAllText(file, text);
    }

    private static Task<HttpResponseMessage> ReloadAsync(TestServer server) => server.Api.PostAsync("/api/v1/reload", null, Cancellation);

    private static async Task<string> ReadyAsync(TestServer server)
    {
        using var answer = await server.Api.GetAsync("/readyz", Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private static async Task<string> ConfigAsync(TestServer server, string serial, int number)
    {
        using var answer = await server.AskForConfigAsync(serial, number);
        return (await answer.Content.ReadAsStringAsync(Cancellation)).TrimEnd('\n');
    }
}
