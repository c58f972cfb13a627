using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>Each language of a provisioning config, over real sockets, as its programs ask for it.</summary>
public sealed class ConfigKindTests
{
    private const string Canary = "c4n4ry-h0rse-b4ttery";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cloud_init_gets_its_four_files_and_another_instance_after_a_reinstall()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2, provisioning: cloud-init}]");
        var first = await InstanceAsync(server);
        (await server.ReportAsync("a", "installed")).EnsureSuccessStatusCode();
        (await server.Api.PutAsJsonAsync("/api/v1/machines/a/state", new JsonObject { ["state"] = "configured" }, Token)).EnsureSuccessStatusCode();

        Assert.NotEqual(first, await InstanceAsync(server));

        async Task<string> InstanceAsync(TestServer server)
        {
            var token = BootTokenServerTests.TokenIn(await server.Boot.GetStringAsync("/ipxebootscript?serial=a&mac=52-54-00-00-00-01", Token));
            var config = await server.AskForConfigAsync("a");
            Assert.StartsWith("#cloud-config\n", await config.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            Assert.Contains("config_file=user-data\n", await server.Boot.GetStringAsync("/install-plan/a", Token), StringComparison.Ordinal);
            var meta = await FileAsync("meta-data");
            // cloud-init asks for each file up to ten times: it is the same one.
            Assert.Equal(meta, await FileAsync("meta-data"));
            Assert.StartsWith("#cloud-config\n", await FileAsync("user-data"), StringComparison.Ordinal);
            Assert.StartsWith("#cloud-config\n", await FileAsync("vendor-data"), StringComparison.Ordinal);
            Assert.Contains("version: 2", await FileAsync("network-config"), StringComparison.Ordinal);
            using var other = await server.Boot.GetAsync(new Uri($"/boot/{token}/nocloud/passwd", UriKind.Relative), Token);
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
            return meta;

            Task<string> FileAsync(string name) => server.Boot.GetStringAsync($"/boot/{token}/nocloud/{name}", Token);
        }
    }

    [Fact]
    public async Task A_live_system_with_cloud_init_finds_its_seed_in_the_initrd_and_the_kernel_line_ends_its_url_with_a_slash()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2, mode: live, provisioning: cloud-init}]");
        await server.AskForConfigAsync("a");
        var token = BootTokenServerTests.TokenIn(await server.Boot.GetStringAsync("/ipxebootscript?serial=a&mac=52-54-00-00-00-01", Token));
        var files = CpioReader.FilesOf(await server.Boot.GetByteArrayAsync($"/boot/{token}/mayu.cpio", Token));
        Assert.Equal(
            ["meta-data", "network-config", "user-data", "vendor-data"], files.Keys.Select(path => path.Replace("var/lib/cloud/seed/nocloud/", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("instance-id: \"iid-", Encoding.UTF8.GetString(files["var/lib/cloud/seed/nocloud/meta-data"]), StringComparison.Ordinal);

        await using var other = await TestServer.StartAsync("boot: {token_delivery: kernel-line}\nprofiles: [{name: core, quantity: 2, mode: live, provisioning: cloud-init}]");
        await other.AskForConfigAsync("a");
        Assert.Matches(@" ds=nocloud-net;s=http://127\.0\.0\.1:0/boot/[0-9a-f]{32}/nocloud/ ", await other.Boot.GetStringAsync("/ipxebootscript?serial=a&mac=52-54-00-00-00-01", Token));
    }

    [Theory]
    [InlineData("", "application/vnd.coreos.ignition+json;version=3.2.0, */*;q=0.1", "3.2.0")]
    [InlineData("", "*/*", "3.3.0")]
    [InlineData(", ignition_version: 3.1.0", "application/vnd.coreos.ignition+json;version=3.2.0", "3.1.0")]
    public async Task Ignition_gets_the_specification_that_the_profile_names_or_that_it_asks_for(string more, string accept, string expected)
    {
        await using var server = await TestServer.StartAsync($"profiles: [{{name: core, quantity: 2, mode: live{more}}}]");
        await server.AskForConfigAsync("a");
        var token = BootTokenServerTests.TokenIn(await server.Boot.GetStringAsync("/ipxebootscript?serial=a&mac=52-54-00-00-00-01", Token));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/boot/{token}/config");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await server.Boot.SendAsync(request, Token);
        Assert.Equal(expected, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!["ignition"]!["version"]);
    }

    [Fact]
    public async Task A_text_of_any_kind_has_the_type_of_its_ending_and_the_same_strictness()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2, provisioning: generic, template: host.json}]");
        Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "generic"));
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "templates", "generic", "host.json"), """{"name": {{ machine.hostname | json }}}""", Token);
        using var config = await server.AskForConfigAsync("a");
        Assert.Equal(("application/json", """{"name": "a"}"""), (config.Content.Headers.ContentType?.MediaType, await config.Content.ReadAsStringAsync(Token)));

        await File.WriteAllTextAsync(Path.Combine(server.Folder, "templates", "generic", "host.json"), "{{ machine.hostnam }}", Token);
        using var broken = await server.AskForConfigAsync("a");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, broken.StatusCode);
    }

    // The canary is a secret of one machine: it is nowhere but in its config.
    [Fact]
    public async Task A_secret_is_in_the_config_of_its_machine_and_nowhere_else()
    {
        var folder = Directory.CreateTempSubdirectory("mayu-canary-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "a"), Canary + "\n", Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "b"), "another-secret\n", Token);
        await using var server = await TestServer.StartAsync($"secrets: [{{name: key, file: \"{folder}/{{serial}}\"}}]\nprofiles: [{{name: core, quantity: 3, provisioning: generic, template: host.txt}}]");
        var template = Path.Combine(Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "generic")).FullName, "host.txt");
        await File.WriteAllTextAsync(template, "key {{ secrets.key | sh }}", Token);

        Assert.Equal($"key '{Canary}'", await (await server.AskForConfigAsync("a")).Content.ReadAsStringAsync(Token));
        Assert.Equal("key 'another-secret'", await (await server.AskForConfigAsync("b", 2)).Content.ReadAsStringAsync(Token));

        // Errors of the template and of a machine without the file do not repeat it.
        foreach (var broken in new[] { "{{ secrets.key | required secrets.key | json | cidr_host 1 }}", "{{ '' | required ('no: ' + secrets.key) }}", "{{ secrets | json }}{{ nothing }}", "{{ '' | required (secrets.key | base64) }}", "{{ include secrets.key }}", "{{ secrets.other | sh }}" })
        {
            await File.WriteAllTextAsync(template, broken, Token);
            using var answer = await server.AskForConfigAsync("a");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.DoesNotContain(Canary, await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary)), await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(template, "key {{ secrets.key | sh }}", Token);
        using var without = await server.AskForConfigAsync("c", 3);
        Assert.Contains($"the secret key cannot be read: there is no file {folder}/c", await TestServer.DetailOf(without), StringComparison.Ordinal);

        foreach (var path in new[] { "machines", "machines/a", "machines/a/trace", "explain/a", "history", "profiles", "addresses" })
        {
            Assert.DoesNotContain(Canary, await server.Api.GetStringAsync($"/api/v1/{path}", Token), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Canary, await server.Api.GetStringAsync("/metrics", Token), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(server.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            Assert.DoesNotContain(Canary, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Token)), StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }
}
