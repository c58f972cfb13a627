using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mayu.Primitives;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>Live systems that find in their initrd no more than where their config is, or find it by the kernel line.</summary>
public sealed partial class PointerConfigTests
{
    private const string Live = "profiles: [{name: core, quantity: 2, mode: live, token_delivery: pointer";
    private const string ByMac = "mac=52-54-00-00-00-01";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // By HTTP because the profile says so; by TFTP, whose files /loaders/ serves too, because no config goes out there.
    [Theory]
    [InlineData("", ", token_delivery: pointer")]
    [InlineData("/loaders", "")]
    public async Task Ignition_is_told_the_url_the_token_in_a_header_and_the_hash_of_the_very_config_that_it_then_gets(string folder, string delivery)
    {
        await using var server = await TestServer.StartAsync($"profiles: [{{name: core, quantity: 2, mode: live{delivery}}}]", needsTokens: true);
        await DiscoverAsync(server);
        var before = server.Store.Current.Machines.Single();
        var token = await TokenAsync(server);
        var pointer = await PointerAsync(server, $"{folder}/boot/{token}/mayu.cpio");

        Assert.Equal("3.1.0", (string?)pointer["ignition"]!["version"]);
        var replace = pointer["ignition"]!["config"]!["replace"]!;
        Assert.Equal("http://127.0.0.1:0/boot/config.ign", (string?)replace["source"]);
        Assert.Equal($"Bearer {token}", (string?)replace["httpHeaders"]![0]!["value"]);
        // A pointer changes nothing: the loader asked, not the system.
        Assert.Same(before, server.Store.Current.Machines.Single());

        // An engine that reads less gets no other text: the hash is of this one.
        foreach (var accept in new[] { "*/*", "application/vnd.coreos.ignition+json;version=3.1.0" })
        {
            using var answer = await GetAsync(server, "/boot/config.ign", token, accept);
            Assert.Equal((string?)replace["verification"]!["hash"], "sha512-" + Convert.ToHexStringLower(SHA512.HashData(await answer.Content.ReadAsByteArrayAsync(Token))));
        }

        Assert.NotNull(server.Store.Current.Machines.Single().InstallId);
        foreach (var wrong in new[] { null, "", new string('0', 32) })
        {
            using var refused = await GetAsync(server, "/boot/config.ign", wrong, "*/*");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_specification_without_headers_has_the_token_in_the_url()
    {
        await using var server = await TestServer.StartAsync($"{Live}, ignition_version: 2.3.0}}]", needsTokens: true);
        await DiscoverAsync(server);
        var token = await TokenAsync(server);
        var pointer = await PointerAsync(server, $"/boot/{token}/mayu.cpio");

        Assert.Equal("2.3.0", (string?)pointer["ignition"]!["version"]);
        var replace = pointer["ignition"]!["config"]!["replace"]!;
        Assert.Equal($"http://127.0.0.1:0/boot/{token}/config.ign", (string?)replace["source"]);
        var config = await server.Boot.GetByteArrayAsync($"/boot/{token}/config.ign", Token);
        Assert.Equal("sha512-" + Convert.ToHexStringLower(SHA512.HashData(config)), (string?)replace["verification"]!["hash"]);
    }

    [Fact]
    public async Task Cloud_init_finds_its_network_in_the_initrd_and_all_else_by_the_url()
    {
        await using var server = await TestServer.StartAsync($"{Live}, provisioning: cloud-init}}]", needsTokens: true);
        await DiscoverAsync(server);
        var token = await TokenAsync(server);
        var files = CpioReader.FilesOf(await server.Boot.GetByteArrayAsync($"/boot/{token}/mayu.cpio", Token));

        Assert.Equal($"seedfrom: http://127.0.0.1:0/boot/{token}/nocloud/\n", TextOf(files, "meta-data"));
        Assert.Equal("#cloud-config\n{}\n", TextOf(files, "user-data"));
        Assert.Equal(await server.Boot.GetStringAsync($"/boot/{token}/nocloud/network-config", Token), TextOf(files, "network-config"));
    }

    [Theory]
    [InlineData("cloud-config", "usr/share/oem/cloud-config.yml")]
    [InlineData("generic, template: host.json", "mayu/config")]
    public async Task A_language_without_pointers_has_the_config_itself_in_the_initrd_and_by_tftp_on_the_kernel_line(string kind, string path)
    {
        await using var server = await TestServer.StartAsync($"{Live}, provisioning: {kind}}}]", needsTokens: true);
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "generic")).FullName, "host.json"), "{}", Token);
        await DiscoverAsync(server);
        var token = await TokenAsync(server);

        Assert.True(CpioReader.FilesOf(await server.Boot.GetByteArrayAsync($"/boot/{token}/mayu.cpio", Token)).ContainsKey(path));
        var grub = await server.Boot.GetStringAsync("/loaders/grub.cfg-01-52-54-00-00-00-01", Token);
        Assert.DoesNotContain("mayu.cpio", grub, StringComparison.Ordinal);
        Assert.Matches("cloud-config-url=http://127.0.0.1:0/boot/[0-9a-f]{32}/config|mayu.token=[0-9a-f]{32}", grub);
    }

    [Fact]
    public async Task Grub_and_a_pxelinux_that_was_fetched_here_load_the_pointer_and_their_kernel_lines_have_no_token()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2, mode: live}]", needsTokens: true);
        await DiscoverAsync(server);
        Assert.True(MacAddress.TryParse("52:54:00:00:00:01", out var card));
        server.Clients.Lease(new Ipv4(0x7F000001), card, TimeSpan.FromHours(1));

        Assert.Matches(@"initrd ""\$mayu/""'boot/[0-9a-f]{32}/mayu\.cpio' ", await ScriptAsync("grub.cfg-01-52-54-00-00-00-01"));
        // U-Boot reads the same language, and one initrd.
        var uBoot = await ScriptAsync("pxelinux.cfg/01-52-54-00-00-00-01");
        Assert.Matches("\n  INITRD images/a/initrd.cpio.gz\n", uBoot);
        Assert.Matches(" ignition.config.url=http://127.0.0.1:0/boot/[0-9a-f]{32}/config ", uBoot);

        using var loader = await server.Boot.GetAsync(new Uri("/loaders/lpxelinux.0", UriKind.Relative), Token);
        var pxelinux = await ScriptAsync("pxelinux.cfg/01-52-54-00-00-00-01");
        Assert.Matches("\n  INITRD boot/[0-9a-f]{32}/mayu.cpio,images/a/initrd.cpio.gz\n", pxelinux);
        foreach (var script in new[] { pxelinux, await ScriptAsync("grub.cfg-01-52-54-00-00-00-01") })
        {
            Assert.DoesNotContain(BootTokenServerTests.TokenIn(script), string.Concat(script.Split('\n').Where(line => line.Contains("mayu.url=", StringComparison.Ordinal))), StringComparison.Ordinal);
        }

        Task<string> ScriptAsync(string name) => server.Boot.GetStringAsync($"/loaders/{name}", Token);
    }

    [Fact]
    public async Task By_the_kernel_line_cloud_init_gets_its_network_there_as_long_as_it_fits()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2, mode: live, token_delivery: kernel-line, provisioning: cloud-init}]");
        await DiscoverAsync(server);
        var script = await server.Boot.GetStringAsync($"/ipxebootscript?serial=a&{ByMac}", Token);
        var token = BootTokenServerTests.TokenIn(script);
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(NetworkWord().Match(script).Groups["word"].Value)), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        Assert.Equal(await server.Boot.GetStringAsync($"/boot/{token}/nocloud/network-config", Token), await reader.ReadToEndAsync(Token));

        // A loader that can do no better has it, too, and no less room for it.
        var template = Path.Combine(Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "cloudinit")).FullName, "network-config.yaml");
        await File.WriteAllTextAsync(template, $"version: 2\nx: {Convert.ToHexString(RandomNumberGenerator.GetBytes(600))}\n", Token);
        var word = NetworkWord().Match(await server.Boot.GetStringAsync($"/ipxebootscript?serial=a&{ByMac}", Token)).Groups["word"].Value;
        Assert.True(word.Length > 700, word);
        Assert.Equal(word, NetworkWord().Match(await server.Boot.GetStringAsync("/loaders/pxelinux.cfg/01-52-54-00-00-00-01", Token)).Groups["word"].Value);

        // No kernel line is cut.
        await File.WriteAllTextAsync(template, $"version: 2\nx: {Convert.ToHexString(RandomNumberGenerator.GetBytes(3000))}\n", Token);
        Assert.DoesNotContain("network-config=", await server.Boot.GetStringAsync($"/ipxebootscript?serial=a&{ByMac}", Token), StringComparison.Ordinal);
        // A machine without a network on its line boots all the same.
        await File.WriteAllTextAsync(template, "{{ nothing }}", Token);
        Assert.Contains("ds=nocloud-net", await server.Boot.GetStringAsync($"/ipxebootscript?serial=a&{ByMac}", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_config_there_is_no_pointer_and_the_machine_shows_why()
    {
        await using var server = await TestServer.StartAsync($"{Live}}}]", needsTokens: true);
        await DiscoverAsync(server);
        var token = await TokenAsync(server);
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "ignition")).FullName, "default.yaml"), "{{ mayu.boot_token | required nothing }}", Token);

        using var answer = await server.Boot.GetAsync(new Uri($"/boot/{token}/mayu.cpio", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("ignition/default.yaml", await TestServer.DetailOf(answer), StringComparison.Ordinal);
        using var loader = await server.Boot.GetAsync(new Uri($"/loaders/boot/{token}/mayu.cpio", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NotFound, loader.StatusCode);
    }

    [Fact]
    public async Task A_template_may_print_the_token_of_its_boot_and_the_next_boots_config_has_the_next_one()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2, provisioning: generic, template: host.txt}]", needsTokens: true);
        var template = Path.Combine(Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "generic")).FullName, "host.txt");
        await File.WriteAllTextAsync(template, "{{ mayu.boot_url }} {{ mayu.boot_token }}", Token);
        for (var i = 0; i < 2; i++)
        {
            var token = await DiscoverAsync(server);
            Assert.Equal($"http://127.0.0.1:0/boot/{token} {token}", await ConfigAsync(server, token));
            await File.WriteAllTextAsync(template, "{{ mayu.boot_token | cidr_host 1 }}", Token);
            Assert.DoesNotContain(token, await ConfigAsync(server, token), StringComparison.Ordinal);
            await File.WriteAllTextAsync(template, "{{ mayu.boot_url }} {{ mayu.boot_token }}", Token);
        }
    }

    private static async Task<string> DiscoverAsync(TestServer server)
    {
        var token = await TokenAsync(server);
        await ConfigAsync(server, token);
        return token;
    }

    private static async Task<string> ConfigAsync(TestServer server, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/provisioning-config") { Content = new StringContent(TestServer.Facts("a").ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await server.Boot.SendAsync(request, Token);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    private static async Task<string> TokenAsync(TestServer server) => BootTokenServerTests.TokenIn(await server.Boot.GetStringAsync($"/ipxebootscript?serial=a&{ByMac}", Token));

    private static async Task<JsonNode> PointerAsync(TestServer server, string path) =>
        JsonNode.Parse(CpioReader.FilesOf(await server.Boot.GetByteArrayAsync(path, Token))["usr/lib/ignition/user.ign"])!;

    private static async Task<HttpResponseMessage> GetAsync(TestServer server, string path, string? token, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return await server.Boot.SendAsync(request, Token);
    }

    private static string TextOf(IReadOnlyDictionary<string, byte[]> files, string name) => Encoding.UTF8.GetString(files[$"var/lib/cloud/seed/nocloud/{name}"]);

    [GeneratedRegex(" network-config=(?<word>[A-Za-z0-9+/=]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NetworkWord();
}
