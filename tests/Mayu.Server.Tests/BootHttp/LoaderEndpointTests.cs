using System.Net;
using System.Net.Http.Headers;
using Mayu.Core.Boot;
using Mayu.Netboot.Tests;
using Mayu.Primitives;
using Mayu.Server.Tests.Api;
using Mayu.Server.Tests.Http;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>What loaders get by HTTP, which is what TFTP serves under the same names.</summary>
public class LoaderEndpointTests
{
    private static readonly MacAddress Mac = MacAddress.TryParse("52:54:00:00:00:01", out var mac) ? mac : default;

    [Fact]
    public async Task A_loader_is_told_with_its_length_before_it_is_sent()
    {
        await using var server = await StartAsync();

        using var head = new HttpRequestMessage(HttpMethod.Head, "/loaders/own.efi");
        var told = await server.Boot.SendAsync(head);
        var sent = await server.Boot.GetAsync(new Uri("/loaders/own.efi", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        Assert.Equal(10, told.Content.Headers.ContentLength);
        Assert.Equal("application/efi", told.Content.Headers.ContentType?.MediaType);
        Assert.Equal("MZ: loader", await sent.Content.ReadAsStringAsync());
        Assert.Equal(10, sent.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_loader_is_sent_from_where_it_broke_off_and_a_script_always_whole()
    {
        await using var server = await StartAsync();

        var part = await RangeAsync(server, "/loaders/own.efi");
        var beyond = await RangeAsync(server, "/loaders/own.efi", from: 10);
        var script = await RangeAsync(server, "/loaders/autoexec.ipxe");

        Assert.Equal((HttpStatusCode.PartialContent, "loader", "bytes 4-9/10"), (part.StatusCode, await part.Content.ReadAsStringAsync(), $"{part.Content.Headers.ContentRange}"));
        Assert.NotNull(part.Headers.ETag);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Assert.Equal((HttpStatusCode.OK, null), (script.StatusCode, script.Headers.ETag));
        Assert.StartsWith("#!ipxe\n", await script.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_and_what_lies_outside_is_not_found()
    {
        await using var server = await StartAsync();
        File.CreateSymbolicLink(Path.Combine(server.Folder, "tftp", "link.efi"), Path.Combine(server.Folder, "config.yaml"));

        foreach (var name in new[] { "", "none.efi", "%2e%2e/config.yaml", "..%2fconfig.yaml", "link.efi", "images/a/vmlinuz/x", "images/%00/vmlinuz", "own.efi%00" })
        {
            var answer = await server.Boot.GetAsync(new Uri($"/loaders/{name}", UriKind.Relative));
            Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{name}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Grub_that_nobody_knows_by_its_address_asks_by_its_mac_and_boots()
    {
        await using var server = await StartAsync();

        var first = await server.Boot.GetStringAsync("/loaders/grub/grub.cfg");
        var second = await server.Boot.GetStringAsync("/loaders/grub/grub.cfg-01-52:54:00:00:00:01");

        Assert.Contains("configfile \"$prefix/grub.cfg-01-$net_default_mac\"", first, StringComparison.Ordinal);
        Assert.Contains("'images'/vmlinuz 'mayu.url=http://127.0.0.1:0' 'BOOTIF=01-52-54-00-00-00-01';", second, StringComparison.Ordinal);
        Assert.Equal("kernel", await server.Boot.GetStringAsync("/loaders/images/vmlinuz"));
    }

    [Fact]
    public async Task Grub_whose_address_is_leased_is_known_by_it_and_ipxe_finds_its_own_script()
    {
        await using var server = await StartAsync();
        Assert.StartsWith("#!ipxe\nisset ${netX/ip} || dhcp", await server.Boot.GetStringAsync("/loaders/autoexec.ipxe"), StringComparison.Ordinal);
        server.Clients.Hear(new Ipv4(0x7F000001), Mac, time: null);

        var config = await server.Boot.GetStringAsync("/loaders/grub/grub.cfg");

        Assert.Contains("BOOTIF=01-52-54-00-00-00-01';", config, StringComparison.Ordinal);
        Assert.Contains("discovering machine 52-54-00-00-00-01", config, StringComparison.Ordinal);
        var script = server.Trace.Find(Mac)!.Hops.First(hop => hop.Kind == HopKind.Script);
        Assert.StartsWith("GRUB configuration: ", script.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_discovery_system_of_a_loader_that_tells_no_serial_is_marked_under_the_card_that_leased_the_address()
    {
        await using var server = await StartAsync();
        server.Clients.Hear(new Ipv4(0x7F000001), Mac, time: null);

        await server.Boot.GetStringAsync("/images/vmlinuz");
        await server.Boot.GetStringAsync("/images/initrd.cpio.gz");

        // The mark is made when the last byte has gone out, which the client may see first.
        await Eventually.TrueAsync(() => server.Trace.Find(Mac)?.Hops.Length == 2);
        Assert.Equal([HopKind.Kernel, HopKind.Initrd], server.Trace.Find(Mac)!.Hops.Select(hop => hop.Kind));
    }

    [Fact]
    public async Task A_loader_that_was_sent_to_its_end_is_marked_under_the_card_that_leased_the_address()
    {
        await using var server = await StartAsync();
        server.Clients.Hear(new Ipv4(0x7F000001), Mac, time: null);

        await server.Boot.GetStringAsync("/loaders/own.efi");

        await Eventually.TrueAsync(() => server.Trace.Find(Mac) is not null);
        var hop = Assert.Single(server.Trace.Find(Mac)!.Hops);
        Assert.Equal((HopKind.File, "own.efi by HTTP", 10L, 10L), (hop.Kind, hop.Detail, hop.Bytes, hop.Total));
    }

    [Fact]
    public async Task A_grub_is_told_that_the_connection_ends_with_its_file()
    {
        await using var server = await StartAsync();
        using var grub = new HttpRequestMessage(HttpMethod.Get, "/images/vmlinuz");
        grub.Headers.UserAgent.ParseAdd("GRUB 2.06-13+deb12u2");
        grub.Headers.Host = "127.0.0.1";

        Assert.True((await server.Boot.SendAsync(grub)).Headers.ConnectionClose);
        Assert.Null((await server.Boot.GetAsync(new Uri("/images/vmlinuz", UriKind.Relative))).Headers.ConnectionClose);
    }

    [Fact]
    public async Task A_grub_whose_last_FIN_is_lost_is_waited_for_some_seconds()
    {
        await using var server = await StartAsync();
        using var grub = await RawConnection.OpenAsync(server.Boot.BaseAddress!);

        await grub.TrySendAsync("GET /images/vmlinuz HTTP/1.1\r\nHost: mayu\r\nUser-Agent: GRUB 2.06-13+deb12u2\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 200 ", await grub.ReadToEndAsync(), StringComparison.Ordinal);

        // The kernel's own wait is a minute, longer than a test's; grub's end stays open, as one does whose FIN got lost.
        var ends = $":{server.Boot.BaseAddress!.Port:X4} 0100007F:{grub.Port:X4} ";
        await Eventually.TrueAsync(() => !File.ReadAllText("/proc/net/tcp").Contains(ends, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_machine_is_found_by_mac_by_uuid_and_by_the_address_it_leased()
    {
        await using var server = await StartAsync();
        var facts = TestServer.Facts("ABC 1/x");
        facts["Uuid"] = "4c4c4544-0042-3510-8052-b4c04f4e3732";
        Assert.Equal(HttpStatusCode.OK, (await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(server.Boot, "/provisioning-config", facts)).StatusCode);
        server.Clients.Hear(new Ipv4(0x7F000001), Mac, time: null);

        foreach (var name in new[] { "pxelinux.cfg/4c4c4544-0042-3510-8052-b4c04f4e3732", "pxelinux.cfg/01-52-54-00-00-00-01", "pxelinux.cfg/7F000001", "pxelinux.cfg/default" })
        {
            Assert.Contains("KERNEL images/abc-1%2Fx/vmlinuz\n", await server.Boot.GetStringAsync($"/loaders/{name}"), StringComparison.Ordinal);
        }

        Assert.Equal("initrd", await server.Boot.GetStringAsync("/loaders/images/abc-1%2Fx/initrd.cpio.gz"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Boot.GetAsync(new Uri("/loaders/pxelinux.cfg/7F000002", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Boot.GetAsync(new Uri("/loaders/pxelinux.cfg/7F00000", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_machine_with_a_system_of_its_own_gets_no_kernel_by_any_name()
    {
        await using var server = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync("a")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync("a", "installed")).StatusCode);

        Assert.EndsWith("LOCALBOOT 0\n", await server.Boot.GetStringAsync("/loaders/pxelinux.cfg/01-52-54-00-00-00-01"), StringComparison.Ordinal);
        Assert.Contains("chainloader", await server.Boot.GetStringAsync("/loaders/grub.cfg-01-52:54:00:00:00:01"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Boot.GetAsync(new Uri("/loaders/images/a/vmlinuz", UriKind.Relative))).StatusCode);
    }

    // The address is forged: one packet to port 4011 from the address of another tells who has it.
    [Fact]
    public async Task A_machine_that_tells_its_uuid_is_not_taken_for_who_is_said_to_have_its_address()
    {
        await using var server = await StartAsync();
        var facts = TestServer.Facts("running");
        facts["Uuid"] = "4c4c4544-0042-3510-8052-b4c04f4e3732";
        Assert.Equal(HttpStatusCode.OK, (await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(server.Boot, "/provisioning-config", facts)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync("running", "installed")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync("installing", number: 2)).StatusCode);
        server.Clients.Hear(new Ipv4(0x7F000001), MacAddress.TryParse("52:54:00:00:00:02", out var other) ? other : default, time: null);
        // While the other one's record has no UUID it may be a board with the same: a doubt, and never that other one.
        var doubted = await server.Boot.GetStringAsync("/loaders/pxelinux.cfg/4c4c4544-0042-3510-8052-b4c04f4e3732");
        Assert.Contains("KERNEL", doubted, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("mayu.serial", doubted, StringComparison.Ordinal);
        await server.ChangeAsync(HttpMethod.Patch, "machines/installing", new System.Text.Json.Nodes.JsonObject { ["uuid"] = "4c4c4544-0042-3510-8052-b4c04f4e3733" });

        var pxelinux = await server.Boot.GetStringAsync("/loaders/pxelinux.cfg/4c4c4544-0042-3510-8052-b4c04f4e3732");
        var grub = await server.Boot.GetStringAsync("/loaders/grub.cfg-44454c4c-4200-1035-8052-b4c04f4e3732");

        Assert.EndsWith("LOCALBOOT 0\n", pxelinux, StringComparison.Ordinal);
        Assert.Contains("chainloader", grub, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_menu_is_shown_where_the_configuration_says_so()
    {
        await using var server = await StartAsync("pxe: {menu: 5s}");

        Assert.Contains("choose --default answer --timeout 5000", await server.Boot.GetStringAsync("/ipxebootscript?serial=a"), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> RangeAsync(TestServer server, string path, long from = 4)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = new RangeHeaderValue(from, null) } };
        return await server.Boot.SendAsync(request);
    }

    private static async Task<TestServer> StartAsync(string more = "")
    {
        var server = await TestServer.StartAsync(more);
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "tftp", "own.efi"), "MZ: loader");
        return server;
    }
}
