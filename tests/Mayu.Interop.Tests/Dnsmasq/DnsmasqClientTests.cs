using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Dnsmasq;

/// <summary>What the clients of the builtin server get, they get of dnsmasq too.</summary>
public sealed class DnsmasqClientTests(DnsmasqFixture wire) : IClassFixture<DnsmasqFixture>
{
    private const string Server = "10.77.0.1";
    private const string Script = "file=http://10.77.0.1:4081/ipxebootscript siaddr=10.77.0.1";

    [Fact]
    public async Task Udhcpc_gets_a_lease_with_the_network_it_is_in()
    {
        TestNetwork.NeedRoot();

        var lease = await wire.LeaseAsync("02:00:00:00:00:01");

        Assert.Contains(" mask=24 router=10.77.0.254 dns=10.77.0.2 domain=rack.test lease=600 server=10.77.0.1 file= siaddr=10.77.0.1 ", lease, StringComparison.Ordinal);
        Assert.InRange(int.Parse(lease!.Split(' ')[0].Split('.')[3]), 50, 90);
    }

    [Fact]
    public async Task Dhclient_gets_the_lease_that_udhcpc_had_and_gives_it_back()
    {
        TestNetwork.NeedRoot();
        var first = (await wire.LeaseAsync("02:00:00:00:00:02"))!.Split(' ')[0]["ip=".Length..];
        var files = Path.Combine(wire.Folder, "dhclient");
        string[] dhclient = ["dhclient", "-v", "-sf", "/bin/true", "-lf", files + ".leases", "-pf", files + ".pid"];

        var output = await wire.ClientAsync([.. dhclient, "-1", "eth0"]);

        Assert.Contains($"bound to {first}", output, StringComparison.Ordinal);
        await wire.ClientAsync([.. dhclient, "-r", "eth0"]);
    }

    [Theory]
    [InlineData("0000", "undionly.kpxe")]
    [InlineData("0007", "snponly.efi")]
    [InlineData("0009", "snponly.efi")]
    [InlineData("000b", "ipxe-arm64.efi")]
    public async Task Firmware_is_told_the_boot_file_of_its_architecture_and_no_reason_to_ask_port_4011(string architecture, string file)
    {
        TestNetwork.NeedRoot();

        var lease = await wire.LeaseAsync("02:00:00:00:00:04", "-V", $"PXEClient:Arch:0{architecture}:UNDI:003001", "-x", "0x5d:" + architecture);

        Assert.Contains($" file={file} siaddr={Server} opt43=060108ff vendor=PXEClient", lease, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Firmware_that_names_no_architecture_is_taken_for_a_bios()
    {
        TestNetwork.NeedRoot();

        Assert.Contains(" file=undionly.kpxe ", await wire.LeaseAsync("02:00:00:00:00:05", "-V", "PXEClient"), StringComparison.Ordinal);
    }

    // Features of option 175: 0x13 is HTTP, 0x18 bzImage, 0x24 EFI.
    [Theory]
    [InlineData(Script, "0x4d:69505845")]
    [InlineData(Script, "0x4d:69505845", "-x", "0xaf:b105011af41000eb03010000170101240101130101")]
    [InlineData(Script, "0xaf:b105011af41000eb03010000170101180101130101")]
    [InlineData("file=snponly.efi siaddr=10.77.0.1", "0x4d:69505845", "-x", "0xaf:b105011af41000eb03010000170101240101")]
    public async Task An_ipxe_gets_the_script_and_one_that_cannot_go_on_with_it_the_full_ipxe(string file, params string[] options)
    {
        TestNetwork.NeedRoot();

        var lease = await wire.LeaseAsync("02:00:00:00:00:06", ["-V", "PXEClient:Arch:00007:UNDI:003001", "-x", "0x5d:0007", "-x", .. options]);

        // Option 60 would make a proxy offer of it in iPXE's eyes; no-pxedhcp (0xb0) has it wait for none.
        Assert.Contains($" {file} opt43= vendor= opt175=b00101ff", lease, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0010", "-x", "0x5d:0010")]
    [InlineData("0007", "-x", "0x5d:0007")]
    [InlineData("none")]
    public async Task Firmware_that_boots_over_http_is_told_a_url_and_its_own_class(string architecture, params string[] options)
    {
        TestNetwork.NeedRoot();

        var lease = await wire.LeaseAsync("02:00:00:00:00:0c", ["-V", $"HTTPClient:Arch:0{architecture}:UNDI:003001", .. options]);

        Assert.Contains(" file=http://10.77.0.1:4081/loaders/snponly.efi siaddr=10.77.0.1 opt43= vendor=HTTPClient ", lease, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Firmware_that_there_is_no_boot_loader_for_hears_nothing()
    {
        TestNetwork.NeedRoot();

        Assert.Null(await wire.LeaseAsync("02:00:00:00:00:07", "-t", "1", "-V", "PXEClient:Arch:00002:UNDI:003001", "-x", "0x5d:0002"));

        await wire.WaitAsync(() => wire.Mayu.CountInLog("02:00:00:00:00:07 gets no answer: there is no boot loader for") > 0, "the reason is not told");
    }

    [Fact]
    public async Task Tftp_has_the_loaders_of_debian_the_operators_files_and_those_that_came_later()
    {
        TestNetwork.NeedRoot();
        var got = Path.Combine(wire.Folder, "got");
        Directory.CreateDirectory(Path.Combine(wire.TftpRoot, "sub"));
        await File.WriteAllTextAsync(Path.Combine(wire.TftpRoot, "sub", "late"), "late", TestContext.Current.CancellationToken);
        await wire.WaitAsync(() => Directory.Exists(Path.Combine(wire.EngineFolder, "tftp", "sub")), "there is no link to what came later");

        await wire.ClientAsync("tftp", "-m", "binary", Server, "-c", "get", "/snponly.efi", got);
        Assert.True(File.ReadAllBytes("/usr/lib/ipxe/snponly.efi").AsSpan().SequenceEqual(File.ReadAllBytes(got)));
        await wire.ClientAsync("tftp", "-m", "binary", Server, "-c", "get", "sub/late", got);
        Assert.Equal("late", await File.ReadAllTextAsync(got, TestContext.Current.CancellationToken));
        Assert.Contains("Error code", await wire.ClientAsync("tftp", "-m", "binary", Server, "-c", "get", "../dnsmasq.conf", "/dev/null"), StringComparison.Ordinal);
        Assert.Contains("not found", await wire.ClientAsync("tftp", "-m", "binary", Server, "-c", "get", "autoexec.ipxe", "/dev/null"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bootpc_gets_an_address()
    {
        TestNetwork.NeedRoot();
        await wire.ClientAsync("ip", "link", "set", "eth0", "address", "02:00:00:00:00:0b");
        await wire.ClientAsync("ip", "route", "replace", "default", "dev", "eth0");

        var output = await wire.ClientAsync("bootpc", "--dev", "eth0", "--serverbcast", "--returniffail", "--timeoutwait", "5");

        Assert.Contains("IPADDR='10.77.0.", output, StringComparison.Ordinal);
        Assert.Contains("BOOTFILE='undionly.kpxe'", output, StringComparison.Ordinal);
    }
}
