using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Dnsmasq;

/// <summary>A real dnsmasq gives every network, loader and quirk what the builtin server gives it.</summary>
public sealed class DnsmasqNetworksTests(DnsmasqNetworksFixture network) : IClassFixture<DnsmasqNetworksFixture>
{
    private const string Ipxe = "0x4d:69505845";
    private static readonly string[] Bios = Firmware("00000", "0000");
    private static readonly string[] X64 = Firmware("00007", "0007");
    private static readonly string[] Arm64 = Firmware("00011", "000b");
    private static readonly string[] UBoot = ["-V", "U-Boot.armv8", "-x", "0x5d:0016"];

    [Fact]
    public async Task A_client_of_another_segment_gets_that_segments_addresses_options_and_server()
    {
        TestNetwork.NeedRoot();

        var lease = await network.Udhcpc.LeaseAsync("eth1", "02:81:00:00:00:01", [.. X64, "-x", Ipxe, "-O", "150", "-O", "mtu"]);

        Assert.Matches(@"ip=10\.81\.0\.(5[1-9]|60) mask=24 router= ", lease);
        Assert.Contains(" server=10.81.0.1 file=http://10.81.0.1:4081/ipxebootscript siaddr=10.81.0.1 ", lease, StringComparison.Ordinal);
        Assert.Contains(" mtu=1400 hostname= opt150=0a510009", lease, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_behind_dhcrelay_gets_an_address_of_its_own_subnet()
    {
        TestNetwork.NeedRoot();

        var lease = await network.Udhcpc.LeaseAsync("eth2", "02:82:00:00:00:01", [.. X64, "-O", "150"]);

        Assert.Matches(@"ip=10\.82\.0\.[5-9]\d mask=24 router=10\.82\.0\.1 .* server=10\.80\.0\.1 file=snponly\.efi siaddr=10\.80\.0\.1 .* opt150=0a500009", lease);
    }

    [Theory]
    [InlineData("10.90.0.7", 3, "5000000")]
    [InlineData("10.90.0.8", 0, "1000000")]
    public async Task A_relay_of_another_network_is_answered_if_it_is_listed(string relay, int answers, string microseconds)
    {
        TestNetwork.NeedRoot();

        var output = await network.PerfdhcpAsync("-l", relay, "-r", "10", "-R", "3", "-n", "3", "-d", "10", "-W", microseconds, "10.80.0.1");

        // DISCOVER and OFFER, then REQUEST and ACK.
        Assert.True(output.Split($"received packets: {answers}\n").Length - 1 == 2, output);
    }

    [Fact]
    public async Task Nobody_chooses_his_subnet_himself()
    {
        TestNetwork.NeedRoot();

        Assert.Null(await network.Udhcpc.TryLeaseAsync("eth0", "02:80:00:00:00:04", "-t", "1", "-x", "0x76:0a520001"));
    }

    [Theory]
    [InlineData("02:47:01:00:00:01", "file=snponly.efi siaddr=10.80.0.1 opt43= vendor= ")]
    [InlineData("02:47:02:00:00:01", "file=snponly.efi siaddr=10.80.0.1 opt43=060108ff vendor= ")]
    [InlineData("02:47:03:00:00:01", "file=snponly.efi siaddr=10.80.0.1 opt43=060108ff vendor=PXEClient", "bios")]
    [InlineData("02:47:03:00:00:02", "file=grubaa64.efi ", "arm64")]
    [InlineData("02:47:04:00:00:01", "file=ipxe.efi ")]
    [InlineData("02:47:04:00:00:01", "file=http://10.80.0.1:4081/ipxebootscript siaddr=10.80.0.1 opt43= vendor= opt175= ", "x64", "-x", Ipxe)]
    [InlineData("02:80:00:00:00:01", "file=http://10.80.0.1:4081/ipxebootscript siaddr=10.80.0.1 opt43= vendor= opt175=b00101ff ", "x64", "-x", Ipxe)]
    [InlineData("02:47:05:00:00:01", "file=snponly.efi siaddr=10.80.0.1 opt43=0601030a0400505845090b000008414341204d454e55ff vendor=PXEClient")]
    [InlineData("dc:a6:32:00:00:01", "file=bootcode.bin siaddr=10.80.0.1 opt43=0601030a0400505845091400001152617370626572727920506920426f6f74ff vendor=PXEClient", "bios")]
    [InlineData("dc:a6:32:00:00:02", "file=grubaa64.efi siaddr=10.80.0.1 opt43=060108ff vendor=PXEClient", "arm64")]
    [InlineData("02:80:00:00:00:05", "file=boot.scr.uimg siaddr=10.80.0.1 opt43= vendor= ", "u-boot")]
    public async Task Certain_clients_are_answered_otherwise(string mac, string expected, string firmware = "x64", params string[] more)
    {
        TestNetwork.NeedRoot();
        var arguments = firmware switch { "bios" => Bios, "arm64" => Arm64, "u-boot" => UBoot, _ => X64 };

        Assert.Contains(expected, await network.Udhcpc.LeaseAsync("eth0", mac, [.. arguments, .. more]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_system_of_a_machine_that_runs_is_given_the_machines_own_address_and_its_loader_nothing()
    {
        TestNetwork.NeedRoot();

        Assert.StartsWith("ip=10.80.0.100 ", await network.Udhcpc.LeaseAsync("eth0", MayuServer.RunningMac), StringComparison.Ordinal);
        Assert.Null(await network.Udhcpc.TryLeaseAsync("eth0", MayuServer.RunningMac, ["-t", "1", .. X64]));
    }

    // It was never sent by us there, so it does not go round.
    [Fact]
    public async Task Where_another_loader_is_wanted_an_ipxe_of_a_card_loads_that_too()
    {
        TestNetwork.NeedRoot();

        Assert.Contains(" file=grubaa64.efi ", await network.Udhcpc.LeaseAsync("eth0", "02:80:00:00:00:02", [.. Arm64, "-x", Ipxe]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pxelinux_with_http_is_told_below_which_url_its_files_are()
    {
        TestNetwork.NeedRoot();

        Assert.Contains(" file=lpxelinux.0 ", await network.Udhcpc.LeaseAsync("eth1", "02:81:00:00:00:03", Bios), StringComparison.Ordinal);

        // http://10.81.0
        await network.Mayu.PrintsAsync("option:210   68:74:74:70:3a:2f:2f:31:30:2e:38:31:2e:30...");
    }

    [Fact]
    public async Task Our_own_tftp_makes_configurations_and_keeps_blocks_small_for_who_needs_it()
    {
        TestNetwork.NeedRoot();
        var small = Udhcpc.AddressIn(await network.Udhcpc.LeaseAsync("eth0", "02:80:00:00:00:03", "-V", "PXEClient:Arch:00007:UNDI:003999", "-x", "0x5d:0007"));
        await network.ClientAsync("ip", "address", "add", $"{small}/24", "dev", "eth0");
        try
        {
            Assert.Contains("blksize parsed from OACK (512)", await GetAsync("--tftp-blksize", "1400", "--output", "/dev/null", "tftp://10.80.0.1/ipxe.efi"), StringComparison.Ordinal);
            Assert.Contains("discovering machine", await GetAsync("tftp://10.80.0.1/grub/grub.cfg-01-02-80-00-00-00-03"), StringComparison.Ordinal);
            Assert.Contains("discovering machine", await GetAsync("tftp://10.80.0.1/pxelinux.cfg/01-02-80-00-00-00-03"), StringComparison.Ordinal);
        }
        finally
        {
            await network.ClientAsync("ip", "address", "del", $"{small}/24", "dev", "eth0");
        }

        await network.ClientAsync("ip", "address", "replace", "10.81.0.200/24", "dev", "eth1");
        Assert.Contains("blksize parsed from OACK (1400)", await GetAsync("--tftp-blksize", "1400", "--output", "/dev/null", "tftp://10.81.0.1/ipxe.efi"), StringComparison.Ordinal);
    }

    private static string[] Firmware(string vendorClass, string option) => ["-V", $"PXEClient:Arch:{vendorClass}:UNDI:003001", "-x", $"0x5d:{option}"];

    private Task<string> GetAsync(params string[] arguments) => network.ClientAsync(["curl", "--silent", "--verbose", "--max-time", "20", .. arguments]);
}
