using System.Net;
using System.Text.Json.Nodes;
using Mayu.Core.Assignment;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>What operators write down about a machine.</summary>
public sealed class NotesTests
{
    private const string Text = "PSU 2 is broken\n\tspare ordered: Łódź → rack 7 ✓";

    [Fact]
    public async Task Notes_are_set_shown_listed_kept_in_the_history_and_removed()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");

        var machine = await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["notes"] = Text, ["reason"] = "seen" });

        Assert.Equal(Text, (string?)machine["notes"]);
        Assert.Equal(Text, (string?)(await server.GetAsync("machines?fields=serial,notes"))["items"]![0]!["notes"]);
        var change = (await server.GetAsync("history?limit=1&fields=true"))["items"]![0]!;
        Assert.Equal(("set notes", "seen", "Notes", Text), ((string?)change["what"], (string?)change["why"], (string?)change["fields"]![0]!["name"], (string?)change["fields"]![0]!["new"]));
        Assert.Single((await server.GetAsync("history?field=Notes"))["items"]!.AsArray());

        var at = (string)change["id"]!;
        Assert.Null((await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["notes"] = "" }))["notes"]);
        Assert.Equal("removed notes", (string?)(await server.GetAsync("history?limit=1"))["items"]![0]!["what"]);
        Assert.Equal(Text, (string?)(await server.GetAsync($"machines/a?at={at}"))["notes"]);
        Assert.Equal(Text, (string?)(await server.ChangeAsync(HttpMethod.Post, "machines/a/rollback", new JsonObject { ["to"] = at }))["notes"]);
    }

    [Fact]
    public async Task Many_machines_are_given_the_same_notes()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        var asked = new JsonObject { ["selector"] = "serial=*", ["change"] = new JsonObject { ["notes"] = "recall" } };
        var looked = await server.ChangeAsync(HttpMethod.Post, "machine-changes", asked);
        asked["confirm"] = (string?)looked["confirm"];
        await server.ChangeAsync(HttpMethod.Post, "machine-changes", asked);
        Assert.Equal("recall", (string?)(await server.MachineAsync("a"))["notes"]);
    }

    [Theory]
    [InlineData("\u001b[31m")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("a\u202eb")]
    [InlineData("a\u2028b")]
    public async Task Notes_that_a_terminal_would_obey_are_refused(string notes)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        Assert.Contains("printable", await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Patch, "machines/a", new JsonObject { ["notes"] = notes }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notes_have_4096_bytes_at_most()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["notes"] = new string('ü', OperatorChanges.MaxNotes / 2) });
        Assert.Contains("4098 bytes", await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Patch, "machines/a", new JsonObject { ["notes"] = new string('ü', (OperatorChanges.MaxNotes / 2) + 1) }), StringComparison.Ordinal);
    }

    // Whoever writes down a password there has not given it to every machine's config.
    [Fact]
    public async Task No_template_can_print_them()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2, provisioning: generic, template: node.txt}]");
        Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "generic"));
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "templates", "generic", "node.txt"), "{{ machine | json }}", TestContext.Current.CancellationToken);
        await server.RegisterAsync("a");
        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["notes"] = "hunter2" });

        using var answer = await server.AskForConfigAsync("a");
        var config = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("52:54:00:00:00:01", config, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", config, StringComparison.Ordinal);
    }
}
