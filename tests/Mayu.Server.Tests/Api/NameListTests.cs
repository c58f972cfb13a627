using System.Net;
using System.Text.Json.Nodes;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>The machines' names as a hosts file and as zones.</summary>
public sealed class NameListTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_hosts_file_has_each_machine_with_an_address()
    {
        await using var server = await TestServer.StartAsync(network: "domain: Rack.Example");
        await server.RegisterAsync("b", number: 2);
        await server.RegisterAsync("a", number: 1);

        using var answer = await server.Api.GetAsync("/api/v1/inventory/hosts", Token);

        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            """
            # The machines of Mayu. Changes made here are lost.
            127.0.0.10 b.rack.example b
            127.0.0.11 a.rack.example a

            """,
            await answer.Content.ReadAsStringAsync(Token));
        Assert.EndsWith("lost.\n127.0.0.11 a.rack.example a\n", await server.Api.GetStringAsync("/api/v1/inventory/hosts?selector=serial%3Da", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_keeps_its_serial_until_it_changes()
    {
        await using var server = await TestServer.StartAsync(network: "domain: rack.example");
        await server.RegisterAsync("a", number: 1);

        var first = await ZoneAsync(server, "");
        var again = await ZoneAsync(server, "?origin=rack.example");
        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["metadata"] = new JsonArray("rack=7") });
        var sameNames = await ZoneAsync(server, "?origin=RACK.example.");
        await server.RegisterAsync("b", number: 2);
        var changed = await ZoneAsync(server, "");

        Assert.Equal(first, again);
        Assert.Equal(first, sameNames);
        Assert.Contains("a.rack.example. IN A 127.0.0.10\n", first, StringComparison.Ordinal);
        Assert.True(SerialOf(changed) > SerialOf(first), changed);
    }

    [Fact]
    public async Task A_machine_with_the_name_of_the_name_server_is_left_out()
    {
        await using var server = await TestServer.StartAsync(network: "domain: rack.example");
        await server.RegisterAsync("ns");

        Assert.Contains("; left out: ns (127.0.0.10): the zone's name server has that name\n", await ZoneAsync(server, ""), StringComparison.Ordinal);
        Assert.Contains("\nns.rack.example. IN A 127.0.0.10\n", await ZoneAsync(server, "?ns=ns1.example.org"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reverse_zone_has_the_addresses_below_it()
    {
        await using var server = await TestServer.StartAsync(network: "domain: rack.example");
        await server.RegisterAsync("a");

        Assert.Contains("\n10.0.0.127.in-addr.arpa. IN PTR a.rack.example.\n", await ZoneAsync(server, "?origin=0.0.127.in-addr.arpa"), StringComparison.Ordinal);
        Assert.DoesNotContain("PTR", await ZoneAsync(server, "?origin=7.in-addr.arpa"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("domain: rack.example", "?origin=other.example", HttpStatusCode.BadRequest, "origin must be rack.example (network.domain)")]
    [InlineData("domain: rack.example", "?origin=256.in-addr.arpa", HttpStatusCode.BadRequest, "with 1 to 3 octets")]
    [InlineData("domain: rack.example", "?origin=1.0.0.127.in-addr.arpa", HttpStatusCode.BadRequest, "with 1 to 3 octets")]
    [InlineData("domain: rack.example", "?ns=a%0Ab", HttpStatusCode.BadRequest, "ns must be a domain name")]
    [InlineData("domain: rack.example", "?ns=ns1.rack.example", HttpStatusCode.BadRequest, "ns must be outside the zone: in rack.example it would need an address")]
    [InlineData("domain: rack.example", "?origin=0.0.127.in-addr.arpa&ns=a.0.0.127.in-addr.arpa", HttpStatusCode.BadRequest, "ns must be outside the zone")]
    [InlineData("", "", HttpStatusCode.Conflict, "network.domain is not set")]
    [InlineData("domain: rack_7..example", "", HttpStatusCode.Conflict, "network.domain is rack_7..example")]
    public async Task What_is_no_zone_is_explained(string network, string query, HttpStatusCode status, string reason)
    {
        await using var server = await TestServer.StartAsync(network: network);

        Assert.Contains(reason, await server.RefusedAsync(status, HttpMethod.Get, "inventory/zone" + query), StringComparison.Ordinal);
    }

    private static uint SerialOf(string zone) => uint.Parse(zone.Split("( ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static Task<string> ZoneAsync(TestServer server, string query) => server.Api.GetStringAsync("/api/v1/inventory/zone" + query, Token);
}
