using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Provisioning;
using Mayu.Netboot.Tests;
using Mayu.Primitives;
using Mayu.Server.Configuration.Settings;
using Mayu.Server.Tests.Api;
using Mayu.Server.Tests.BootHttp;
using Mayu.Server.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Tests.Webhooks;

/// <summary>Webhooks with a real receiver on the loopback.</summary>
public sealed class WebhookTests : IAsyncDisposable
{
    private const string Secret = "a-secret-of-the-receiver";

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-webhooks-").FullName;
    private readonly BootEvents _events = new();
    private readonly SetStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // As a stranger would who has read the specification alone: with openssl.
    [Theory]
    [InlineData(Secret)]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public async Task A_stranger_verifies_the_signature_with_openssl(string secret)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var webhooks = Open(secret, SettingsOf(receiver));
        Happens("vm-001", MachineState.Running);
        var message = await NextAsync(receiver);

        var hex = secret.StartsWith("whsec_", StringComparison.Ordinal) ? Convert.ToHexStringLower(Convert.FromBase64String(secret["whsec_".Length..])) : Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret));
        Assert.Equal("v1," + await OpensslAsync(hex, [.. Encoding.ASCII.GetBytes($"{message.Id}.{message.Timestamp}."), .. message.Body]), message.Signature);
        Assert.StartsWith("msg_", message.Id, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(message.Timestamp, System.Globalization.CultureInfo.InvariantCulture), 0, 300);
        Assert.Equal("application/json", message.Type);
        var body = JsonNode.Parse(message.Body)!;
        Assert.Equal(("machine.state", "vm-001", "running"), ((string?)body["type"], (string?)body["data"]!["serial"], (string?)body["data"]!["state"]));
    }

    [Fact]
    public async Task A_message_is_sent_again_with_the_same_id_until_the_receiver_takes_it()
    {
        await using var receiver = await Receiver.StartAsync();
        var failures = 2;
        receiver.Answer = context =>
        {
            context.Response.StatusCode = Interlocked.Decrement(ref failures) >= 0 ? 500 : 200;
            return Task.CompletedTask;
        };
        await using var webhooks = Open(Secret, SettingsOf(receiver));
        Happens("vm-001", MachineState.Running);
        await Eventually.TrueAsync(() => webhooks.Hooks[0].Queue.Counts.Delivered == 1);
        Assert.Equal(3, receiver.Messages.Count);
        Assert.Single(receiver.Messages.Select(message => message.Id).Distinct());
        Assert.Single(receiver.Messages.Select(message => Encoding.UTF8.GetString(message.Body)).Distinct());
        Assert.Equal((2, 0, 0), (webhooks.Hooks[0].Queue.Counts.Failed, webhooks.Hooks[0].Queue.Dead.Count, webhooks.Hooks[0].Queue.Pending));
    }

    [Fact]
    public async Task After_the_last_attempt_it_is_a_dead_letter_also_after_a_restart_and_can_be_sent_again()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await using (var webhooks = Open(Secret, SettingsOf(receiver) with { Attempts = 2 }))
        {
            Happens("vm-001", MachineState.Running);
            await Eventually.TrueAsync(() => webhooks.Hooks[0].Queue.Dead.Count == 1);
        }

        Assert.Equal(2, receiver.Messages.Count);
        var file = Path.Combine(_folder, "chat.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain(Secret, await File.ReadAllTextAsync(file, Token), StringComparison.Ordinal);

        await using var again = Open(Secret, SettingsOf(receiver) with { Attempts = 2 });
        var letter = Assert.Single(again.Hooks[0].Queue.Dead);
        Assert.Equal(("vm-001", 2, "it answered 503"), (letter.Serial, letter.Attempts, letter.Error));
        receiver.Answer = _ => Task.CompletedTask;
        Assert.Equal(0, again.Hooks[0].Retry(new HashSet<string>(["msg_other"], StringComparer.Ordinal)));
        Assert.Equal(1, again.Hooks[0].Retry(ids: null));
        await Eventually.TrueAsync(() => again.Hooks[0].Queue.Counts.Delivered == 1);
        Assert.Single(receiver.Messages.Select(message => message.Id).Distinct());
        Assert.Empty(again.Hooks[0].Queue.Dead);
    }

    // A copy of the file as it is while the server runs is what a kill leaves.
    [Fact]
    public async Task What_waited_when_the_server_was_killed_is_sent_after_its_start()
    {
        var port = FreePort();
        var settings = new WebhookSettings("chat") { Url = new Uri($"http://127.0.0.1:{port}/hook"), Secret = "chat", Events = [WebhookEventKind.State], Timeout = TimeSpan.FromSeconds(5), Attempts = 20, RetryPause = TimeSpan.FromMilliseconds(100) };
        var killed = Directory.CreateTempSubdirectory("mayu-webhooks-killed-").FullName;
        try
        {
            await using (var webhooks = Open(Secret, settings))
            {
                Happens("vm-001", MachineState.Running);
                Happens("vm-002", MachineState.Running);
                var file = Path.Combine(_folder, "chat.json");
                await Eventually.TrueAsync(() => File.Exists(file) && File.ReadAllText(file) is var text && text.Contains("vm-001", StringComparison.Ordinal) && text.Contains("vm-002", StringComparison.Ordinal));
                File.Copy(file, Path.Combine(killed, "chat.json"));
            }

            await using var receiver = await Receiver.StartAsync(port);
            await using var again = Open(Secret, killed, settings);
            await Eventually.TrueAsync(() => receiver.Messages.Count == 2 && again.Hooks[0].Queue.Pending == 0);
            Assert.Equal(["vm-001", "vm-002"], receiver.Messages.Select(message => (string?)JsonNode.Parse(message.Body)!["data"]!["serial"]).Order());
        }
        finally
        {
            Directory.Delete(killed, recursive: true);
        }
    }

    [Fact]
    public async Task A_receiver_that_hangs_delays_no_other()
    {
        await using var slow = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        var hang = new TaskCompletionSource();
        slow.Answer = context => hang.Task.WaitAsync(context.RequestAborted);
        await using var webhooks = Open(Secret, SettingsOf(slow) with { Timeout = TimeSpan.FromMinutes(1) }, SettingsOf(quick, "other"));
        for (var i = 0; i < 100; i++)
        {
            Happens($"vm-{i}", MachineState.Running);
        }

        await Eventually.TrueAsync(() => quick.Messages.Count == 100);
        Assert.Equal((0, 100), (webhooks.Hooks[0].Queue.Counts.Delivered, webhooks.Hooks[0].Queue.Pending));
        Assert.InRange(slow.Messages.Count, 1, 4);
        hang.SetResult();
        await Eventually.TrueAsync(() => webhooks.Hooks[0].Queue.Counts.Delivered == 100);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_in_time_has_failed()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        await using var webhooks = Open(Secret, SettingsOf(receiver) with { Timeout = TimeSpan.FromMilliseconds(200), Attempts = 1 });
        Happens("vm-001", MachineState.Running);
        await Eventually.TrueAsync(() => webhooks.Hooks[0].Queue.Dead.Count == 1);
        Assert.Equal("it did not answer within 0.2 s", webhooks.Hooks[0].Queue.Dead[0].Error);
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_leads_nowhere()
    {
        await using var other = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.Redirect(other.Url + "/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        await using var webhooks = Open(Secret, SettingsOf(receiver) with { Attempts = 1 });
        Happens("vm-001", MachineState.Running);
        await Eventually.TrueAsync(() => webhooks.Hooks[0].Queue.Dead.Count == 1);
        Assert.Equal("it answered 307, and redirects are not followed", webhooks.Hooks[0].Queue.Dead[0].Error);
        Assert.Empty(other.Messages);
    }

    [Theory]
    [InlineData("127.0.0.1", true, true)]
    [InlineData("127.0.0.1", false, false)]
    [InlineData("other.example", true, false)]
    public async Task A_certificate_is_believed_if_the_ca_file_signed_it_for_that_name(string name, bool hasCaFile, bool isBelieved)
    {
        await using var receiver = await Receiver.StartAsync(name: name);
        await using var webhooks = Open(Secret, SettingsOf(receiver) with { Attempts = 1, CaFile = hasCaFile ? receiver.CaFile : null });
        Happens("vm-001", MachineState.Running);
        await Eventually.TrueAsync(() => webhooks.Hooks[0].Queue.Pending == 0 && webhooks.Hooks[0].Queue.Changes > 1);
        Assert.Equal(isBelieved ? 1 : 0, receiver.Messages.Count);
        Assert.Equal(isBelieved, webhooks.Hooks[0].Queue.Counts.Delivered == 1);
        Assert.True(isBelieved || webhooks.Hooks[0].Queue.Dead.Single().Error!.StartsWith("its certificate was not accepted, or TLS failed: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_the_events_and_machines_that_are_configured_are_posted()
    {
        await using var receiver = await Receiver.StartAsync();
        Assert.True(Core.Selection.Selector.TryParse("rack=7", out var rack, out _));
        await using var webhooks = Open(Secret, SettingsOf(receiver) with { Events = [WebhookEventKind.State, WebhookEventKind.Failed], Selector = rack });
        var (inside, outside) = (MachineOf("in", "rack=7"), MachineOf("out", "rack=8"));
        _store.Current = ClusterSnapshot.Empty.With(inside).With(outside);
        Happens("out", MachineState.Running, outside);
        _events.Add(new BootEvent(BootEventKind.Moving, TimeProvider.System.GetUtcNow(), inside.Serial, null));
        _events.Add(new BootEvent(BootEventKind.State, TimeProvider.System.GetUtcNow(), inside.Serial, null) { State = null, Before = MachineState.Running, Record = inside });
        var trace = new BootTrace(TimeProvider.System);
        trace.Fail(inside.Serial, "image", "checksum");
        _events.Add(new BootEvent(BootEventKind.Hop, TimeProvider.System.GetUtcNow(), inside.Serial, null) { Hop = trace.Head(inside.Serial)!.Last });
        await Eventually.TrueAsync(() => receiver.Messages.Count == 2);
        Assert.Equal(
            ["machine.failed in", "machine.state in"], receiver.Messages.Select(message => JsonNode.Parse(message.Body)!).Select(body => $"{body["type"]} {body["data"]!["serial"]}").Order(StringComparer.Ordinal));
        Assert.Equal(0, webhooks.Hooks[0].Queue.Pending);
    }

    [Fact]
    public async Task A_file_that_is_damaged_is_set_aside_and_the_webhook_works()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "chat.json"), "{\"version\":1,\"pending\":[", Token);
        await using var receiver = await Receiver.StartAsync();
        await using var webhooks = Open(Secret, SettingsOf(receiver));
        Happens("vm-001", MachineState.Running);
        await NextAsync(receiver);
        Assert.True(File.Exists(Path.Combine(_folder, "chat.json.damaged")));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("whsec_not base64")]
    [InlineData("whsec_AAAA")]
    public void A_secret_that_signs_nothing_worth_its_name_stops_the_start_and_is_not_repeated(string secret)
    {
        var refused = Assert.Throws<IOException>(() => { _ = Open(secret, new WebhookSettings("chat") { Url = new Uri("http://127.0.0.1:1/"), Secret = "chat" }); });
        Assert.StartsWith("webhooks: chat: the secret chat cannot be used: it ", refused.Message.Replace("what is after whsec_", "it", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_lists_webhooks_and_dead_letters_and_sends_them_again()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        var secret = Path.Combine(_folder, "secret");
        await File.WriteAllTextAsync(secret, Secret, Token);
        await using var server = await TestServer.StartAsync(
            $"secrets: [{{name: chat, file: \"{secret}\"}}]\nwebhooks: [{{name: chat, url: \"{receiver.Url}/p4th?key=k3y\", secret: chat, attempts: 1, selector: \"serial=vm-*\"}}]\nprofiles: [{{name: core, quantity: 2}}]");
        await server.RegisterAsync("vm-001");
        server.Watch.LookAtStates();
        await Eventually.TrueAsync(() => server.Webhooks.Hooks[0].Queue.Dead.Count > 0 && server.Webhooks.Hooks[0].Queue.Pending == 0);

        var list = await server.GetAsync("webhooks");
        var hook = list["items"]![0]!;
        Assert.Equal(("chat", receiver.Url, "serial=vm-*", "it answered 500"), ((string?)hook["name"], (string?)hook["receiver"], (string?)hook["selector"], (string?)hook["lastError"]));
        var letters = await server.GetAsync("webhooks/chat/dead-letters");
        Assert.Equal("vm-001", (string?)letters["items"]![0]!["serial"]);
        Assert.Contains("webhook: chat has 1 dead letter: mayuctl webhook dead-letters chat", await server.ApiWithoutToken.GetStringAsync("/readyz", Token), StringComparison.Ordinal);
        var metrics = await server.ApiWithoutToken.GetStringAsync("/metrics", Token);
        Assert.Contains("mayu_webhook_dead_letters", metrics, StringComparison.Ordinal);
        Assert.Contains("mayu_webhook_messages_total", metrics, StringComparison.Ordinal);
        foreach (var text in new[] { list.ToJsonString(), letters.ToJsonString(), metrics })
        {
            Assert.DoesNotContain("k3y", text, StringComparison.Ordinal);
            Assert.DoesNotContain("p4th", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        }

        Assert.Contains("no dead letter msg_x", await server.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Post, "webhooks/chat/retry", new JsonObject { ["ids"] = new JsonArray("msg_x") }), StringComparison.Ordinal);
        Assert.Contains("no webhook nosuch", await server.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Post, "webhooks/nosuch/retry", new JsonObject()), StringComparison.Ordinal);
        receiver.Answer = _ => Task.CompletedTask;
        var count = letters["items"]!.AsArray().Count;
        Assert.Equal(count, (int?)(await server.ChangeAsync(HttpMethod.Post, "webhooks/chat/retry", new JsonObject()))["retried"]);
        await Eventually.TrueAsync(() => server.Webhooks.Hooks[0].Queue.Counts.Delivered == count);
        Assert.Empty((await server.GetAsync("webhooks/chat/dead-letters"))["items"]!.AsArray());
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return _store.DisposeAsync();
    }

    private static WebhookSettings SettingsOf(Receiver receiver, string name = "chat") => new(name)
    {
        Url = new Uri(receiver.Url + "/hook"),
        Secret = "chat",
        Events = [WebhookEventKind.State],
        Timeout = TimeSpan.FromSeconds(30),
        Attempts = 8,
        RetryPause = TimeSpan.FromMilliseconds(20),
    };

    private WebhookService Open(string secret, params WebhookSettings[] settings) => Open(secret, _folder, settings);

    private WebhookService Open(string secret, string folder, params WebhookSettings[] settings) =>
        WebhookService.Open([.. settings], folder, new OneSecret(secret), (_store, _events), TimeProvider.System, NullLogger.Instance);

    private void Happens(string serial, MachineState state, Machine? record = null) =>
        _events.Add(new BootEvent(BootEventKind.State, TimeProvider.System.GetUtcNow(), SerialOf(serial), null) { State = state, Record = record ?? MachineOf(serial) });

    private static Machine MachineOf(string serial, params string[] metadata) => new() { Serial = SerialOf(serial), State = MachineState.Running, Metadata = [.. metadata] };

    private static Serial SerialOf(string text) => Serial.TryParse(text, out var serial, out _) ? serial : throw new ArgumentException(text, nameof(text));

    private static async Task<Receiver.Message> NextAsync(Receiver receiver)
    {
        await Eventually.TrueAsync(() => !receiver.Messages.IsEmpty);
        return receiver.Messages.TryPeek(out var message) ? message : throw new InvalidOperationException("nothing came");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> OpensslAsync(string hexKey, byte[] signed)
    {
        using var openssl = Process.Start(new ProcessStartInfo("openssl", ["dgst", "-sha256", "-mac", "HMAC", "-macopt", "hexkey:" + hexKey, "-binary"]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        await openssl.StandardInput.BaseStream.WriteAsync(signed, Token);
        openssl.StandardInput.Close();
        using var output = new MemoryStream();
        await openssl.StandardOutput.BaseStream.CopyToAsync(output, Token);
        await openssl.WaitForExitAsync(Token);
        return Convert.ToBase64String(output.ToArray());
    }

    private sealed class OneSecret(string value) : ISecretSource
    {
        public IEnumerable<string> Names => ["chat"];

        public bool Has(string name) => true;

        public bool TryRead(string name, Serial machine, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? read, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? problem)
        {
            (read, problem) = (value, null!);
            return true;
        }
    }

    /// <summary>A store whose snapshot a test sets: webhooks read nothing else of it.</summary>
    private sealed class SetStore : IMachineStore
    {
        public ClusterSnapshot Current { get; set; } = ClusterSnapshot.Empty;

        public IReadOnlyList<QuarantinedRecord> Quarantined => [];

        public Task<ChangeOutcome> ChangeAsync(Author author, Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Change>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Machine?> MachineAtAsync(Serial serial, HistoryPoint point, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
