using System.Net;
using System.Text.Json.Nodes;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>The configuration on the server's disk is checked without being loaded.</summary>
public sealed class ConfigCheckTests
{
    private const string Profiles = "profiles: [{name: core, quantity: 2, provisioning: generic, template: core.txt}]\nvars: {rack: r1}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_configuration_without_a_fault_has_no_error_and_its_machines_are_counted()
    {
        await using var server = await StartAsync();
        await server.RegisterAsync("a");
        var check = await CheckAsync(server);
        Assert.Equal(($"{server.Folder}/config.yaml", true, 1), ((string?)check["file"], (bool)check["isValid"]!, (int)check["machines"]!));
        Assert.DoesNotContain(check["findings"]!.AsArray(), finding => (string?)finding!["severity"] == "error");
    }

    [Theory]
    [InlineData("vars: {rack: r1}", "vars: {rack: r1", null)]
    [InlineData("quantity: 2, provisioning", "quantity: x, provisioning", "profiles[].quantity")]
    [InlineData("tftp_root:", "tftp_rot: x\ntftp_root:", "tftp_rot")]
    public async Task What_keeps_the_file_from_being_loaded_is_told_with_its_line(string from, string to, string? key)
    {
        await using var server = await StartAsync();
        Edit(server, from, to);
        var check = await CheckAsync(server);
        Assert.False((bool)check["isValid"]!);
        var finding = Assert.Single(check["findings"]!.AsArray())!;
        Assert.Equal(("error", key, $"{server.Folder}/config.yaml"), ((string?)finding["severity"], (string?)finding["key"], (string?)finding["source"]));
        var lines = await File.ReadAllLinesAsync(Path.Combine(server.Folder, "config.yaml"), Token);
        if (key is not null)
        {
            Assert.Contains(to.Split('\n')[0], lines[(int)finding["line"]! - 1], StringComparison.Ordinal);
        }

        // What is served is as it was.
        Assert.Equal("core r1", await ConfigAsync(server));
    }

    [Fact]
    public async Task A_key_that_does_not_exist_is_told_with_its_column()
    {
        await using var server = await StartAsync();
        Edit(server, "vars: {rack: r1}", "vars: {rack: r1}\ndhcp: {nosuch: 1}");
        Assert.Equal(8, (int)Assert.Single((await CheckAsync(server))["findings"]!.AsArray())!["column"]!);
    }

    [Fact]
    public async Task Each_fault_of_a_template_is_told_with_file_line_and_column_and_nothing_is_loaded()
    {
        await using var server = await StartAsync();
        Assert.Equal("core r1", await ConfigAsync(server));
        Directory.CreateDirectory(Path.Combine(server.Folder, "next", "generic"));
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "next", "generic", "core.txt"), "core\n {{ vars.rcak | uri }}", Token);
        Edit(server, $"{server.Folder}/templates", $"{server.Folder}/next");

        var finding = Assert.Single((await CheckAsync(server))["findings"]!.AsArray(), finding => (string?)finding!["severity"] == "error")!;

        Assert.Equal(("profiles", $"{server.Folder}/next/generic/core.txt", 2), ((string?)finding["key"], (string?)finding["source"], (int)finding["line"]!));
        Assert.True((int)finding["column"]! > 1);
        Assert.Contains("machines get no config (1 known machine: a)", (string?)finding["message"], StringComparison.Ordinal);
        Assert.Equal("core r1", await ConfigAsync(server));
        Assert.DoesNotContain("alarm: ", await server.ApiWithoutToken.GetStringAsync("/readyz", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_faults_of_one_config_are_a_finding_each()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2, template: core}]");
        var template = Path.Combine(Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "ignition")).FullName, "core.yaml");
        await File.WriteAllTextAsync(template, "ignition: {version: 3.3.0}\nstorage:\n  files:\n    - path: relative\n    - path: also-relative\n", Token);

        var findings = (await CheckAsync(server))["findings"]!.AsArray().Where(finding => (string?)finding!["source"] == template).ToList();

        Assert.True(findings.Count >= 2, string.Join('\n', findings.Select(finding => finding!.ToJsonString())));
        Assert.True(findings.Select(finding => (int)finding!["line"]!).Distinct().Count() >= 2);
    }

    [Fact]
    public async Task One_check_runs_at_a_time_machines_are_answered_meanwhile_and_a_key_finds_its_answer()
    {
        await using var server = await StartAsync();
        var pipe = await WaitForPipeAsync(server);
        var first = SendAsync(server, "\"k1\"");
        // It can be opened when somebody reads it: the check runs.
        await using (var gate = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write), Token))
        {
            using (var second = await SendAsync(server, "\"k2\""))
            {
                Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(10)), (second.StatusCode, second.Headers.RetryAfter?.Delta));
            }

            using (var again = await SendAsync(server, "\"k1\""))
            {
                Assert.Equal((HttpStatusCode.Conflict, TimeSpan.FromSeconds(1)), (again.StatusCode, again.Headers.RetryAfter?.Delta));
            }

            Assert.Equal("core r1", await ConfigAsync(server));
            gate.Write("s3cret"u8);
        }

        using var answer = await first;
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        using var repeated = await SendAsync(server, "\"k1\"");
        Assert.Equal(text, await repeated.Content.ReadAsStringAsync(Token));
        Edit(server, $"secrets: [{{name: slow, command: [cat, {pipe}]}}]\n", "");
        await CheckAsync(server);
    }

    [Fact]
    public async Task A_request_with_a_key_is_finished_for_a_client_that_was_gone()
    {
        await using var server = await StartAsync();
        var pipe = await WaitForPipeAsync(server);
        using var gone = new CancellationTokenSource();
        var first = SendAsync(server, "\"k\"", gone.Token);
        await using (var gate = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write), Token))
        {
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            gate.Write("s3cret"u8);
        }

        var text = "";
        for (var i = 0; i < 1000 && text.Length == 0; i++)
        {
            using var again = await SendAsync(server, "\"k\"");
            text = again.StatusCode == HttpStatusCode.Conflict ? "" : await again.Content.ReadAsStringAsync(Token);
        }

        // Whoever began it anew would wait for the pipe in vain.
        Assert.Contains("\"isValid\":true", text, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be read", text, StringComparison.Ordinal);
    }

    // A secret that is printed by a program which waits for the test.
    private static async Task<string> WaitForPipeAsync(TestServer server)
    {
        var pipe = Path.Combine(server.Folder, "pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync(Token);
        }

        Edit(server, "vars: {rack: r1}", $"secrets: [{{name: slow, command: [cat, {pipe}]}}]\nvars: {{rack: r1}}");
        return pipe;
    }

    private static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(Profiles);
        Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "generic"));
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "templates", "generic", "core.txt"), "core {{ vars.rack | uri }}", Token);
        return server;
    }

    private static async Task<string> ConfigAsync(TestServer server)
    {
        using var answer = await server.AskForConfigAsync("a");
        return await answer.Content.ReadAsStringAsync(Token);
    }

    private static void Edit(TestServer server, string from, string to)
    {
        var file = Path.Combine(server.Folder, "config.yaml");
        var text = File.ReadAllText(file);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(from, to, StringComparison.Ordinal));
    }

    private static async Task<JsonNode> CheckAsync(TestServer server) => await server.ChangeAsync(HttpMethod.Post, "config-check");

    private static Task<HttpResponseMessage> SendAsync(TestServer server, string key, CancellationToken gone = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/config-check");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return server.Api.SendAsync(request, gone.CanBeCanceled ? gone : Token);
    }
}
