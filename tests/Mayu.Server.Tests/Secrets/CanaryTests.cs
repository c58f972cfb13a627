using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Netboot.Tests;
using Mayu.Server.Tests.BootHttp;
using Microsoft.Extensions.Logging;

namespace Mayu.Server.Tests.Secrets;

/// <summary>
/// Canaries in a secret, an override, the boot tokens and the operator's token: machines walk the whole way, and things go wrong on it. Then each
/// canary is looked for in all that the server said and wrote. Overrides are in the records by design (docs/security.md), so they are looked
/// for elsewhere.
/// </summary>
public sealed class CanaryTests : IDisposable
{
    // With characters that encoders write in other ways.
    private const string Secret = "c4n4ry-s3cret <a> & \"b\" 'c' /+=";
    private const string OtherSecret = "c4n4ry-0ther <a> & \"b\" 'c' /+=";
    private const string Override = "c4n4ry-0verride <a> & \"b\" 'c' /+=";
    private const string Template = "key {{ secrets.key | json }} join {{ vars.join_token | default \"none\" | json }}";

    private static readonly string[] Broken =
    [
        "{{ secrets.key }}", "{{ secrets.key | cidr_host 1 }}", "{{ '' | required ('no: ' + secrets.key) }}", "{{ '' | required (secrets.key | base64) }}", "{{ include secrets.key }}", "{{ file secrets.key }}",
        "{{ secrets | json }}{{ nothing }}", "{{ secrets.key | json }}{{ nothing }}", "{{ secrets.key.length }}", "{{ secrets.key + 1 | cidr_netmask }}", "{{ secrets[secrets.key] }}", "{{ secrets.key | regex.match '(' }}",
        "{{ vars.join_token }}", "{{ vars.join_token | cidr_host 1 }}", "{{ vars[vars.join_token] | required 'none' }}", "{{ include vars.join_token }}", "{{ vars.join_token | ini }}", "{{ vars.join_token | string.to_int | cidr_host 1 }}",
    ];

    private readonly string _secrets = Directory.CreateTempSubdirectory("mayu-canary-").FullName;

    private readonly List<(string Where, string Text)> _said = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_canary_is_in_the_config_of_its_machine_and_nowhere_else()
    {
        await File.WriteAllTextAsync(Path.Combine(_secrets, "a"), Secret + "\n", Token);
        await File.WriteAllTextAsync(Path.Combine(_secrets, "b"), OtherSecret + "\n", Token);
        using var lines = new LogLines();
        using var logs = LoggerFactory.Create(logging => ServeCommand.Filter(logging, verbose: true).AddProvider(lines));
        await using var server = await TestServer.StartAsync(
            $"secrets: [{{name: key, file: \"{_secrets}/{{serial}}\"}}]\nprofiles: [{{name: core, quantity: 3, provisioning: generic, template: host.txt}}]", needsTokens: true, logs: logs);
        var template = Path.Combine(Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "generic")).FullName, "host.txt");
        await File.WriteAllTextAsync(template, Template, Token);
        using var watching = new CancellationTokenSource();
        var events = EventsAsync(server, watching.Token);

        var tokens = new List<string> { await BootAsync(server, "a", 1), await BootAsync(server, "b", 2) };
        using (var change = await server.Api.PutAsJsonAsync("/api/v1/machines/a/overrides/join_token", new JsonObject { ["value"] = Override, ["reason"] = "a test" }, Token))
        {
            change.EnsureSuccessStatusCode();
        }

        Assert.Equal($"key {Json(Secret)} join {Json(Override)}", await ConfigAsync(server, tokens[0], "a", 1));
        Assert.Equal($"key {Json(OtherSecret)} join \"none\"", await ConfigAsync(server, tokens[1], "b", 2));
        await GoWrongAsync(server, template, tokens);
        await File.WriteAllTextAsync(template, Template, Token);
        foreach (var what in new[] { "progress", "failed", "installed" })
        {
            await SayAsync(server.Boot, HttpMethod.Post, $"/callbacks/a/{what}", tokens[0], what == "progress" ? """{"what":"writing","done":1,"total":2}""" : "{\"step\":\"disk\",\"reason\":\"none\"}");
        }

        using (var again = await server.Api.PutAsJsonAsync("/api/v1/machines/a/state", new JsonObject { ["state"] = "configured" }, Token))
        {
            again.EnsureSuccessStatusCode();
        }

        tokens.Add(await BootAsync(server, "a", 1));
        await AskEverythingAsync(server);
        await watching.CancelAsync();
        _said.Add(("events", await events));
        _said.AddRange(lines.All.Select(line => ($"log, {line.Category}", line.Text + line.Failure)));
        _said.Add(("git objects", await GitAsync(server, "cat-file", "--batch-all-objects", "--batch")));
        _said.Add(("git subjects", await GitAsync(server, "log", "--format=%s")));
        _said.AddRange(Directory.EnumerateFiles(server.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock").Select(file => (file, Encoding.Latin1.GetString(File.ReadAllBytes(file)))));

        Assert.Contains(lines.Texts, line => line.Contains("/boot/", StringComparison.Ordinal));
        Assert.Contains("c4n4ry-0verride", _said.Single(one => one.Where == "git objects").Text, StringComparison.Ordinal);
        AssertNowhere(Secret, _ => true);
        AssertNowhere(OtherSecret, _ => true);
        tokens.ForEach(token => AssertNowhere(token, _ => true));
        var keys = Directory.EnumerateFiles(server.Folder, "operator-token", SearchOption.AllDirectories).Single();
        AssertNowhere((await File.ReadAllTextAsync(keys, Token)).Trim(), where => where != keys);
        AssertNowhere(Override, where => !IsRecord(where));

        // What an API shows of a record, the store and the events of changes.
        bool IsRecord(string where) => where is "git objects" || where.Split('?')[0] is "GET /admin/hosts" or "GET /api/v1/machines" or "GET /api/v1/machines/a" || where.StartsWith("GET /api/v1/history?fields", StringComparison.Ordinal)
            || (where.StartsWith(server.Folder, StringComparison.Ordinal) && where.Contains("/cluster/", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_secrets, recursive: true);

    // The script with its token, and what a loader fetches by it. The answers that carry the token are the machine's own.
    private static async Task<string> BootAsync(TestServer server, string serial, int number)
    {
        var token = BootTokenServerTests.TokenIn(await server.Boot.GetStringAsync($"/ipxebootscript?serial={serial}&mac=52-54-00-00-00-0{number}", Token));
        Assert.Equal(token + "\n", Encoding.ASCII.GetString(CpioReader.FilesOf(await server.Boot.GetByteArrayAsync($"/boot/{token}/mayu.cpio", Token))["mayu/boot-token"]));
        await ConfigAsync(server, token, serial, number);
        return token;
    }

    private static async Task<string> ConfigAsync(TestServer server, string token, string serial, int number)
    {
        using var answer = await SendAsync(server.Boot, HttpMethod.Post, "/provisioning-config", token, TestServer.Facts(serial, number).ToJsonString());
        return await answer.Content.ReadAsStringAsync(Token);
    }

    // Templates that fail beside the secret, tokens that are another's or cut off, paths that are none.
    private async Task GoWrongAsync(TestServer server, string template, List<string> tokens)
    {
        foreach (var text in Broken)
        {
            await File.WriteAllTextAsync(template, text, Token);
            using var answer = await SendAsync(server.Boot, HttpMethod.Post, "/provisioning-config", tokens[0], TestServer.Facts("a").ToJsonString());
            Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, text);
            _said.Add(($"the template {text}", await answer.Content.ReadAsStringAsync(Token)));
            File.Delete(template);
        }

        foreach (var token in (string[])[tokens[1], tokens[0][..^1], tokens[0].ToUpperInvariant(), tokens[0] + "0"])
        {
            await SayAsync(server.Boot, HttpMethod.Post, "/provisioning-config", token, TestServer.Facts("a").ToJsonString());
            await SayAsync(server.Boot, HttpMethod.Post, "/callbacks/a/installed", token, "{}");
        }

        foreach (var token in tokens)
        {
            foreach (var path in new[] { $"/boot/{token}/config", $"/boot/{token}/nocloud/user-data", $"/boot/{token}/nocloud/passwd", $"/boot/{token}/nothing", $"/boot/{token}", $"/loaders/boot/{token}/nothing", $"/loaders/{token}", $"/{token}", $"/nothing?token={token}", $"/boot//{token}/mayu.cpio", $"/boot/{token}/%2e%2e/config", $"/%62oot/{token}/config" })
            {
                await SayAsync(server.Boot, HttpMethod.Get, path, token);
                await SayAsync(server.Boot, HttpMethod.Put, path, token);
            }

            await SayAsync(server.Boot, HttpMethod.Post, "/provisioning-config", token, "{\"Serial\":");
            await SayAsync(server.ApiWithoutToken, HttpMethod.Get, "/api/v1/machines", token);
        }
    }

    // Every GET of either listener that names no token, for each machine.
    private async Task AskEverythingAsync(TestServer server)
    {
        var queries = new[] { "", "?loader=ipxe", "?loader=grub", "?loader=pxelinux", "?fields=true", "?serial=a", "?limit=1000" };
        foreach (var (client, route) in server.ApiEndpoints.Select(endpoint => (server.Api, endpoint.RoutePattern.RawText!)).Where(one => !one.Item2.StartsWith("/api/v1/events", StringComparison.Ordinal))
            .Concat(server.BootEndpoints.Select(endpoint => (server.Boot, endpoint.RoutePattern.RawText!)).Where(one => !one.Item2.Contains("{token", StringComparison.Ordinal) && !IsScript(one.Item2))))
        {
            foreach (var query in queries)
            {
                foreach (var serial in route.Contains('{', StringComparison.Ordinal) ? (string[])["a", "b", "c"] : ["a"])
                {
                    await SayAsync(client, HttpMethod.Get, System.Text.RegularExpressions.Regex.Replace(route, "{[^}]*}", serial, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)) + query);
                }
            }
        }

        Assert.Contains(_said, one => one.Where == "GET /metrics");
        Assert.Contains(_said, one => one.Where == "GET /api/v1/machines/a/trace");

        // Scripts carry the token of their own boot, each another.
        static bool IsScript(string route) => route is "/ipxebootscript" || route.StartsWith("/loaders", StringComparison.Ordinal);
    }

    private async Task SayAsync(HttpClient client, HttpMethod method, string path, string? token = null, string? body = null)
    {
        using var answer = await SendAsync(client, method, path, token, body);
        _said.Add(($"{method} {path}", $"{answer.Headers}{answer.Content.Headers}\n{await answer.Content.ReadAsStringAsync(Token)}"));
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string? token, string? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return await client.SendAsync(request, Token);
    }

    private static async Task<string> EventsAsync(TestServer server, CancellationToken ended)
    {
        var text = new StringBuilder();
        try
        {
            await using var stream = await server.Api.GetStreamAsync(new Uri("/api/v1/events", UriKind.Relative), ended);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(ended) is { } line)
            {
                text.AppendLine(line);
            }
        }
        catch (OperationCanceledException)
        {
            // All that came until then.
        }

        return text.ToString();
    }

    private static async Task<string> GitAsync(TestServer server, params string[] arguments)
    {
        var cluster = Directory.EnumerateDirectories(server.Folder, ".git", SearchOption.AllDirectories).Single();
        using var git = Process.Start(new ProcessStartInfo("git", ["--git-dir", cluster, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.Latin1 })!;
        var text = await git.StandardOutput.ReadToEndAsync(Token);
        await git.WaitForExitAsync(Token);
        Assert.Equal(0, git.ExitCode);
        return text;
    }

    private void AssertNowhere(string canary, Func<string, bool> looks)
    {
        foreach (var form in new[] { canary, Json(canary).Trim('"'), JsonEncodedText.Encode(canary).Value, Uri.EscapeDataString(canary), Convert.ToBase64String(Encoding.UTF8.GetBytes(canary)), canary.Replace("'", "'\\''", StringComparison.Ordinal) }.Distinct(StringComparer.Ordinal))
        {
            foreach (var (where, text) in _said.Where(one => looks(one.Where)))
            {
                Assert.False(text.Contains(form, StringComparison.OrdinalIgnoreCase), $"{form} is in {where}:\n{text[..Math.Min(text.Length, 2000)]}");
            }
        }
    }

    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
