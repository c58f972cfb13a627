using System.Buffers.Binary;
using System.Net;
using System.Text.Json.Nodes;
using Mayu.Server.Images;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>What the API tells of images.</summary>
public sealed class ImageTests
{
    private const string Profiles = "profiles: [{name: core, quantity: 2}, {name: edge, quantity: 2, image: gone}, {name: ram, quantity: 2, image: half, mode: live, provisioning: cloud-init}]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Images_are_listed_with_their_files_their_uses_and_what_they_lack()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var images = Path.Combine(server.Folder, "images");
        Directory.CreateDirectory(Path.Combine(images, "half"));
        await File.WriteAllTextAsync(Path.Combine(images, "half", "vmlinuz"), "kernel", Token);
        Directory.CreateDirectory(Path.Combine(images, "spare"));
        await File.WriteAllTextAsync(Path.Combine(images, "spare", "vmlinuz"), "kernel", Token);
        await File.WriteAllTextAsync(Path.Combine(images, "spare", "initrd.cpio.gz"), "initrd", Token);
        Directory.CreateDirectory(Path.Combine(images, "empty"));
        Directory.CreateDirectory(Path.Combine(images, ".new"));
        await server.RunAsync("a");

        var all = (await server.GetAsync("images"))["items"]!.AsArray().ToDictionary(image => (string)image!["name"]!);

        Assert.Equal(["discovery", "empty", "gone", "half", "os", "spare"], all.Keys);
        Assert.Equal(
            [("discovery", true, 0), ("empty", false, 0), ("gone", false, 0), ("half", false, 0), ("os", true, 1), ("spare", true, 0)],
            all.Select(image => (image.Key, (bool)image.Value!["isComplete"]!, (int)image.Value["machines"]!)));
        var os = all["os"]!;
        Assert.Equal(("1.0", 1048576L, false), ((string?)os["version"], (long)os["diskSizeBytes"]!, (bool)os["isDiscovery"]!));
        Assert.Equal(["core", "default"], os["profiles"]!.AsArray().Select(profile => (string?)profile));
        Assert.Equal(
            ["kernel vmlinuz 9", "initrd initrd.cpio.gz 9", "disk install_image.bin.gz 22", "manifest image.json"],
            os["files"]!.AsArray().Select(file => $"{file!["kind"]} {file["name"]} {file["sizeBytes"]}").Select(file => file.StartsWith("manifest", StringComparison.Ordinal) ? "manifest image.json" : file));
        Assert.True((bool)all["discovery"]!["isDiscovery"]!);
        Assert.Contains("there is no folder", Problem(all["gone"]), StringComparison.Ordinal);
        Assert.Contains("initrd.cpio.gz", Problem(all["half"]), StringComparison.Ordinal);
        Assert.Contains("install_image.bin.gz", Problem(all["empty"]), StringComparison.Ordinal);

        static string Problem(JsonNode? image) => (string)Assert.Single(image!["problems"]!.AsArray())!;
    }

    [Fact]
    public async Task One_image_is_shown_and_a_name_that_is_a_path_is_none()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal("os", (string?)(await server.GetAsync("images/os"))["name"]);
        foreach (var name in new[] { "nosuch", "..", "%2E%2E", "..%2Fimages%2Fos", "os%2F", "%20" })
        {
            using var answer = await server.Api.GetAsync(new Uri($"/api/v1/images/{name}", UriKind.Relative), Token);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{name}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Who_has_the_answer_already_is_told_so_until_it_changes()
    {
        await using var server = await TestServer.StartAsync();
        using var first = await server.Api.GetAsync(new Uri("/api/v1/images", UriKind.Relative), Token);
        var tag = first.Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(tag));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("\"other\""));

        await File.AppendAllTextAsync(Path.Combine(server.Folder, "images", "os", "vmlinuz"), "more", Token);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(tag));

        async Task<HttpStatusCode> StatusAsync(string known)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/images");
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
            using var answer = await server.Api.SendAsync(request, Token);
            return answer.StatusCode;
        }
    }

    [Fact]
    public void The_header_of_a_kernel_says_what_it_is_for()
    {
        Assert.Equal("x86_64", KernelArchitecture.Of(Bios(0x020f, 1)));
        Assert.Equal("x86", KernelArchitecture.Of(Bios(0x020f, 0)));
        Assert.Equal("x86", KernelArchitecture.Of(Bios(0x0206, 1)));
        Assert.Equal("x86_64", KernelArchitecture.Of(Pe(0x8664)));
        Assert.Equal("arm64", KernelArchitecture.Of(Pe(0xaa64)));
        Assert.Equal("riscv64", KernelArchitecture.Of(Pe(0x5064)));
        var arm = new byte[64];
        "ARM\x64"u8.CopyTo(arm.AsSpan(0x38));
        Assert.Equal("arm64", KernelArchitecture.Of(arm));
        Assert.Null(KernelArchitecture.Of([]));
        Assert.Null(KernelArchitecture.Of("kernel"u8));
        Assert.Null(KernelArchitecture.Of(Pe(1)));
    }

    [Fact]
    public void A_header_that_points_anywhere_is_read_no_further()
    {
        foreach (var offset in new[] { int.MaxValue, int.MinValue, -1, 0, 250, 254, 255, 256 })
        {
            var head = new byte[256];
            "MZ"u8.CopyTo(head);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(0x3c), offset);
            Assert.Null(KernelArchitecture.Of(head));
        }

        for (var length = 0; length < 0x300; length++)
        {
            KernelArchitecture.Of(Bios(0x020f, 1).AsSpan(0, length));
            KernelArchitecture.Of(Pe(0x8664).AsSpan(0, Math.Min(length, 256)));
        }
    }

    private static byte[] Bios(ushort version, byte flags)
    {
        var head = new byte[0x300];
        "HdrS"u8.CopyTo(head.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(0x206), version);
        head[0x236] = flags;
        return head;
    }

    private static byte[] Pe(ushort machine)
    {
        var head = new byte[256];
        "MZ"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(0x3c), 0x80);
        "PE\0\0"u8.CopyTo(head.AsSpan(0x80));
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(0x84), machine);
        return head;
    }
}
