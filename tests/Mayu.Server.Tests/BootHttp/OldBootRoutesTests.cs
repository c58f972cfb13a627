using System.Net;
using Mayu.Core.Machines;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>Paths of the first Mayu's boot port: the operator's files, and the config in one step.</summary>
public sealed class OldBootRoutesTests : IDisposable
{
    private readonly string _assets = Directory.CreateTempSubdirectory("mayu-assets-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public OldBootRoutesTests()
    {
        Directory.CreateDirectory(Path.Combine(_assets, "yochu", "etcd", "v 3"));
        File.WriteAllText(Path.Combine(_assets, "tool"), "a tool");
        File.WriteAllText(Path.Combine(_assets, "yochu", "etcd", "v 3", "etcd"), "an etcd");
    }

    public void Dispose() => Directory.Delete(_assets, recursive: true);

    [Theory]
    [InlineData("/fileserver/tool", "a tool")]
    [InlineData("/yochu/etcd/v%203/etcd", "an etcd")]
    [InlineData("/fileserver/yochu/etcd/v%203/etcd", "an etcd")]
    public async Task A_file_below_assets_dir_is_sent_whole_in_part_and_not_at_all(string path, string text)
    {
        await using var server = await TestServer.StartAsync($"assets_dir: {_assets}");

        Assert.Equal(text, await server.Boot.GetStringAsync(path, Token));

        using var part = new HttpRequestMessage(HttpMethod.Get, path);
        part.Headers.Range = new(3, null);
        using var rest = await server.Boot.SendAsync(part, Token);
        Assert.Equal((HttpStatusCode.PartialContent, text[3..]), (rest.StatusCode, await rest.Content.ReadAsStringAsync(Token)));
        using var head = new HttpRequestMessage(HttpMethod.Head, path);
        using var told = await server.Boot.SendAsync(head, Token);
        Assert.Equal(text.Length, told.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("/fileserver/")]
    [InlineData("/fileserver/yochu")]
    [InlineData("/fileserver/none")]
    [InlineData("/fileserver/..%2fsecret")]
    [InlineData("/yochu/..%2ftool")]
    [InlineData("/yochu/%2e%2e/tool")]
    [InlineData("/fileserver/link")]
    [InlineData("/fileserver/%2fetc%2fpasswd")]
    [InlineData("/fileserver/tool%00")]
    [InlineData("/fileserver/tool%0a")]
    public async Task What_is_not_there_and_what_lies_outside_is_not_found(string path)
    {
        await using var server = await TestServer.StartAsync($"assets_dir: {_assets}");
        File.CreateSymbolicLink(Path.Combine(_assets, "link"), Path.Combine(server.Folder, "config.yaml"));

        using var answer = await server.Boot.GetAsync(new Uri(path, UriKind.Relative), Token);

        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task Without_assets_dir_there_is_none()
    {
        await using var server = await TestServer.StartAsync();

        using var answer = await server.Boot.GetAsync(new Uri("/fileserver/tool", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task The_one_step_gives_a_known_machine_its_config_and_registers_nobody()
    {
        await using var server = await TestServer.StartAsync();
        using var unknown = await server.Boot.GetAsync(new Uri("/ignition?serial=a&uuid=11111111-2222-3333-4444-555555555555", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Empty(server.Store.Current.Machines);

        var config = await (await server.AskForConfigAsync("a")).Content.ReadAsStringAsync(Token);

        Assert.Equal(config, await server.Boot.GetStringAsync("/ignition?serial=a", Token));
        Assert.Equal(MachineState.Installing, server.Store.Current.Machines.Single().State);

        (await server.ReportAsync("a", "installed")).EnsureSuccessStatusCode();
        using var installed = await server.Boot.GetAsync(new Uri("/ignition?serial=a", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.Conflict, installed.StatusCode);
    }

    [Fact]
    public async Task Files_of_an_image_that_the_first_mayu_had_are_sent_if_they_are_there_and_no_boot_fails_without_them()
    {
        await using var server = await TestServer.StartAsync();
        var os = Path.Combine(server.Folder, "images", "os");
        Directory.CreateDirectory(Path.Combine(os, "qemu"));
        foreach (var file in new[] { "install_image.bin.bz2", "install_image.bin.bz2.sha256", "qemu/coreos_production_qemu.vmlinuz", "qemu/coreos_production_qemu_usr_image.squashfs.sha256" })
        {
            await File.WriteAllTextAsync(Path.Combine(os, file), file, Token);
        }

        Assert.Equal(HttpStatusCode.NotFound, await StatusOfAsync("qemu/coreos_production_qemu.vmlinuz"));
        (await server.AskForConfigAsync("a")).EnsureSuccessStatusCode();

        Assert.Equal("install_image.bin.bz2", await server.Boot.GetStringAsync("/images/a/install_image.bin.bz2", Token));
        Assert.Equal("install_image.bin.bz2.sha256", await server.Boot.GetStringAsync("/images/a/install_image.bin.bz2.sha256", Token));
        foreach (var missing in new[] { "install_image.bin.gz.sha256", "vmlinuz.sha256", "qemu/coreos_production_qemu.vmlinuz.sha256", "qemu/other" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusOfAsync(missing));
        }

        Assert.Null((await server.MachineAsync("a"))["problem"]);

        // Machines run with these: they are there after the install, too.
        (await server.ReportAsync("a", "installed")).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.Conflict, await StatusOfAsync("install_image.bin.bz2"));
        Assert.Equal("qemu/coreos_production_qemu.vmlinuz", await server.Boot.GetStringAsync("/images/a/qemu/coreos_production_qemu.vmlinuz", Token));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync("qemu/coreos_production_qemu_usr_image.squashfs.sha256"));

        async Task<HttpStatusCode> StatusOfAsync(string file)
        {
            using var answer = await server.Boot.GetAsync(new Uri("/images/a/" + file, UriKind.Relative), Token);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Where_boot_tokens_are_needed_the_one_step_needs_the_machines_own()
    {
        await using var server = await TestServer.StartAsync(needsTokens: true);
        var own = BootTokenServerTests.TokenIn(await server.Boot.GetStringAsync("/ipxebootscript?serial=a&mac=52-54-00-00-00-01", Token));
        using (var facts = new HttpRequestMessage(HttpMethod.Post, "/provisioning-config") { Content = System.Net.Http.Json.JsonContent.Create(TestServer.Facts("a")) })
        {
            facts.Headers.Authorization = new("Bearer", own);
            (await server.Boot.SendAsync(facts, Token)).EnsureSuccessStatusCode();
        }

        var other = BootTokenServerTests.TokenIn(await server.Boot.GetStringAsync("/ipxebootscript?serial=b&mac=52-54-00-00-00-02", Token));

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(null));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(other));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(own));

        async Task<HttpStatusCode> StatusAsync(string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ignition?serial=a");
            request.Headers.Authorization = token is null ? null : new("Bearer", token);
            using var answer = await server.Boot.SendAsync(request, Token);
            return answer.StatusCode;
        }
    }
}
