using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Mayu.Primitives;
using Mayu.Server.Tests.Api;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Identity;

/// <summary>
/// A machine that runs, beside one that an operator wants installed, with every mix of what the two say: asked of every protocol over real sockets. The
/// combinations of states are in Mayu.Core.Tests' IdentityTableTests.
/// </summary>
public class IdentityFrontEndsTests
{
    private const string UuidA = "aaaaaaaa-1111-2222-3333-444444444444";
    private const string UuidB = "bbbbbbbb-1111-2222-3333-444444444444";
    private const string UuidShared = "03000200-0400-0500-0006-000700080009";
    private const string MacA = "52:54:00:00:00:01";
    private const string MacB = "52:54:00:00:00:02";
    private const string MacNew = "52:54:00:00:00:77";

    // What b says beside what a said: the same, its own, nothing, a placeholder, and for MACs one that nobody knows.
    private static readonly string?[] Serials = ["a", "b", null, "Default string"];
    private static readonly string?[] Uuids = [UuidA, UuidB, null, UuidShared];
    private static readonly string?[] Macs = [MacA, MacB, MacNew, null];

    [Fact]
    public async Task No_protocol_has_a_running_machine_installed_whatever_it_says_of_another()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "a", UuidA, MacA);
        await RunAsync(server, "b", UuidB, MacB);
        await server.ChangeAsync(HttpMethod.Put, "machines/a/state", new JsonObject { ["state"] = "configured" });
        var asked = 0;
        foreach (var serial in Serials)
        {
            foreach (var uuid in Uuids)
            {
                foreach (var mac in Macs)
                {
                    // Only its own: else nothing tells that it is b.
                    if (serial == "b" || uuid == UuidB || mac == MacB)
                    {
                        await AskAsync(server, serial, uuid, mac);
                        asked++;
                    }
                }
            }
        }

        Assert.Equal(64 - 27, asked);
        Assert.Equal(["a configured", "b running"], server.Store.Current.Machines.Select(machine => $"{machine.Serial} {machine.State}".ToLowerInvariant()).Order());
    }

    private static async Task AskAsync(TestServer server, string? serial, string? uuid, string? mac)
    {
        var who = $"serial {serial}, UUID {uuid}, MAC {mac}";
        server.Decisions.Forget([Mac(MacA), Mac(MacB), Mac(MacNew)]);

        // iPXE: all three.
        var query = $"serial={serial}&uuid={uuid}&mac={mac?.Replace(':', '-')}&platform=efi";
        var script = await server.Boot.GetAsync(new Uri($"/ipxebootscript?{query}", UriKind.Relative), Token);
        AssertNotInstalling(who, "iPXE", await script.Content.ReadAsStringAsync(Token));

        // DHCP, which hears the UUID; then GRUB and PXELINUX by the name of the card, or of the UUID.
        if (mac is not null)
        {
            if (uuid == UuidB || mac == MacB)
            {
                var explained = JsonNode.Parse(await server.Api.GetStringAsync($"/api/v1/explain/{mac}{(uuid is null ? "" : $"?uuid={uuid}")}", Token))!;
                Assert.True((string?)explained["answer"] != "install", $"{who} by DHCP: {explained["reason"]}");
                server.Decisions.Note(Mac(mac), uuid is null ? null : Guid.Parse(uuid));
                AssertNotInstalling(who, "GRUB", await server.Boot.GetStringAsync($"/loaders/grub.cfg-01-{mac.Replace(':', '-')}"));
                AssertNotInstalling(who, "PXELINUX", await server.Boot.GetStringAsync($"/loaders/pxelinux.cfg/01-{mac.Replace(':', '-')}"));
            }
        }

        if (uuid == UuidB)
        {
            AssertNotInstalling(who, "PXELINUX by UUID", await server.Boot.GetStringAsync($"/loaders/pxelinux.cfg/{uuid}"));
        }

        // The facts, whatever name the kernel line had.
        foreach (var claimed in new[] { null, "a", "b" })
        {
            var facts = new JsonObject
            {
                ["Serial"] = claimed,
                ["Uuid"] = uuid,
                ["Dmi"] = new JsonObject { ["Serial"] = serial, ["Uuid"] = uuid },
                ["NetDevs"] = mac is null ? [] : new JsonArray(new JsonObject { ["Name"] = "eth0", ["MacAddress"] = mac, ["Driver"] = "virtio_net" }),
            };
            foreach (var path in new[] { "/provisioning-config", "/final-ignition-config.json" })
            {
                var answer = await server.Boot.PostAsJsonAsync(path, facts, Token);
                Assert.True(answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.BadRequest, $"{who} by {path} as {claimed}: {answer.StatusCode}");
            }
        }

        foreach (var path in new[] { "/install-plan/a", "/install-plan/b", "/images/a/install_image.bin.gz", "/images/b/install_image.bin.gz", "/images/b/vmlinuz" })
        {
            Assert.Equal(HttpStatusCode.Conflict, (await server.Boot.GetAsync(new Uri(path, UriKind.Relative), Token)).StatusCode);
        }
    }

    private static void AssertNotInstalling(string who, string protocol, string script) =>
        Assert.True(!script.Contains("installing", StringComparison.Ordinal) && !script.Contains("images/a/", StringComparison.Ordinal), $"{who} by {protocol}: {script}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out var mac) ? mac : throw new ArgumentException(text, nameof(text));

    private static async Task RunAsync(TestServer server, string serial, string uuid, string mac)
    {
        var facts = new JsonObject
        {
            ["Uuid"] = uuid,
            ["Dmi"] = new JsonObject { ["Serial"] = serial, ["Uuid"] = uuid },
            ["NetDevs"] = new JsonArray(new JsonObject { ["Name"] = "eth0", ["MacAddress"] = mac }),
        };
        Assert.Equal(HttpStatusCode.OK, (await server.Boot.PostAsJsonAsync("/provisioning-config", facts, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync(serial, "installed")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync(serial, "boot_complete")).StatusCode);
    }
}
