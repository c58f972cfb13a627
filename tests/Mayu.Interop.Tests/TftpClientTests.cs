using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>curl, tftp-hpa and atftp, as they are, against the server.</summary>
public sealed class TftpClientTests(WireFixture wire)
{
    // More than 65,535 blocks of 8 bytes would take long; 512 bytes and this size make the numbers wrap once.
    private const int WrappingSize = 65_537 * 512;
    private const string Server = "10.77.0.1";

    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(100_000)]
    public async Task Curl_gets_a_file(int size)
    {
        var (served, got) = await ServeAsync(size);

        await wire.ClientAsync("curl", "-sS", "--max-time", "20", $"tftp://{Server}/{Path.GetFileName(served)}", "-o", got);

        AssertSame(served, got);
    }

    [Fact]
    public async Task Curl_gets_a_file_in_larger_blocks()
    {
        var (served, got) = await ServeAsync(100_000);

        await wire.ClientAsync("curl", "-sS", "--max-time", "20", "--tftp-blksize", "65464", $"tftp://{Server}/{Path.GetFileName(served)}", "-o", got);

        AssertSame(served, got);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(WrappingSize)]
    public async Task Tftp_hpa_gets_an_empty_file_and_one_whose_block_numbers_wrap(int size)
    {
        var (served, got) = await ServeAsync(size);

        await wire.ClientAsync("tftp", "-m", "binary", Server, "-c", "get", Path.GetFileName(served), got);

        AssertSame(served, got);
    }

    [Fact]
    public async Task Tftp_hpa_gets_a_text_in_netascii_as_it_is()
    {
        var (served, got) = await ServeAsync(1);
        await File.WriteAllTextAsync(served, "one\ntwo\rthree\r\n" + new string('\n', 2000), TestContext.Current.CancellationToken);

        await wire.ClientAsync("tftp", "-m", "netascii", Server, "-c", "get", Path.GetFileName(served), got);

        AssertSame(served, got);
    }

    [Theory]
    [InlineData("4", "1468")]
    [InlineData("16", "512")]
    [InlineData("64", "1428")]
    public async Task Atftp_gets_a_file_in_windows(string window, string block)
    {
        var (served, got) = await ServeAsync(2_000_000);

        await wire.ClientAsync(
            "atftp", "--option", $"windowsize {window}", "--option", $"blksize {block}", "--option", "tsize 0", "--option", "timeout 2",
            "-g", "-r", Path.GetFileName(served), "-l", got, Server);

        AssertSame(served, got);
    }

    [Fact]
    public async Task The_boot_loaders_of_debian_are_there_without_a_root()
    {
        await PrepareAsync();
        var got = Path.Combine(wire.Folder, "loader");

        await wire.ClientAsync("tftp", "-m", "binary", Server, "-c", "get", "ipxe.efi", got);
        AssertSame("/boot/ipxe.efi", got);
        await wire.ClientAsync("tftp", "-m", "binary", Server, "-c", "get", "/undionly.kpxe", got);
        AssertSame("/usr/lib/ipxe/undionly.kpxe", got);
    }

    [Theory]
    [InlineData("nothing.efi")]
    [InlineData("../config.yaml")]
    [InlineData("escape")]
    public async Task What_is_not_to_be_had_is_refused_at_once(string name)
    {
        await PrepareAsync();
        var link = Path.Combine(wire.TftpRoot, "escape");
        if (!File.Exists(link))
        {
            File.CreateSymbolicLink(link, Path.Combine(wire.Folder, "config.yaml"));
        }

        var started = TimeProvider.System.GetTimestamp();
        var output = await wire.ClientAsync("tftp", "-m", "binary", Server, "-c", "get", name, "/dev/null");

        Assert.Contains("Error code", output, StringComparison.Ordinal);
        // The client repeats its request after 5 s; an answer at once ends it long before.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 4);
    }

    [Fact]
    public async Task Nothing_can_be_written()
    {
        var (served, _) = await ServeAsync(10);

        var output = await wire.ClientAsync("tftp", "-m", "binary", Server, "-c", "put", served, "written");

        Assert.Contains("this server is read-only", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(wire.TftpRoot, "written")));
    }

    private static void AssertSame(string expected, string actual) =>
        Assert.True(File.ReadAllBytes(expected).AsSpan().SequenceEqual(File.ReadAllBytes(actual)), $"{actual} differs from {expected}");

    private async Task<(string Served, string Got)> ServeAsync(int size)
    {
        await PrepareAsync();
        var name = Path.GetRandomFileName();
        var content = new byte[size];
        new Random(size).NextBytes(content);
        var served = Path.Combine(wire.TftpRoot, name);
        await File.WriteAllBytesAsync(served, content);
        return (served, Path.Combine(wire.Folder, name + ".got"));
    }

    // A fixed address beside the pool's, for these clients do no DHCP.
    private async Task PrepareAsync()
    {
        TestNetwork.NeedRoot();
        await wire.ClientAsync("ip", "address", "replace", "10.77.0.200/24", "dev", "eth0");
    }
}
