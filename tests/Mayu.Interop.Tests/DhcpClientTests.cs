using Mayu.Interop.Tests.Beside;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>busybox udhcpc and ISC dhclient, as they are, against the server.</summary>
public sealed class DhcpClientTests(WireFixture wire)
{
    private const string Pxe = "PXEClient:Arch:00007:UNDI:003001";

    [Fact]
    public async Task Udhcpc_gets_a_lease_with_the_network_it_is_in()
    {
        TestNetwork.NeedRoot();

        var lease = await wire.Udhcpc.LeaseAsync("eth0", "02:00:00:00:00:01");

        Assert.InRange(int.Parse(Udhcpc.AddressIn(lease).Split('.')[3]), 50, 60);
        Assert.Contains(
            " mask=24 router=10.77.0.254 dns=10.77.0.2 domain=rack.test lease=600 server=10.77.0.1 file= siaddr= ", lease, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dhclient_gets_the_lease_that_udhcpc_had_and_gives_it_back()
    {
        TestNetwork.NeedRoot();
        var first = Udhcpc.AddressIn(await wire.Udhcpc.LeaseAsync("eth0", "02:00:00:00:00:02"));
        var files = Path.Combine(wire.Folder, "dhclient");
        string[] dhclient = ["dhclient", "-v", "-sf", "/bin/true", "-lf", files + ".leases", "-pf", files + ".pid"];

        var output = await wire.ClientAsync([.. dhclient, "-1", "eth0"]);

        Assert.Contains($"bound to {first}", output, StringComparison.Ordinal);
        await wire.ClientAsync([.. dhclient, "-r", "eth0"]);
        await wire.Mayu.PrintsAsync($"02:00:00:00:00:02 released {first}");
    }

    [Fact]
    public async Task A_wish_is_granted()
    {
        TestNetwork.NeedRoot();

        // A network of its own: on the other one another test's client may have had the address.
        await using var alone = await MayuOnSegment.StartAsync("""
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.60 }
              internal_range: { start: 10.77.0.10, end: 10.77.0.30 }
            defaults: { image: none }
            """);
        var udhcpc = new Udhcpc(alone.Segment.Client, alone.Mayu.Folder, takesAddress: false);

        Assert.Equal("10.77.0.53", Udhcpc.AddressIn(await udhcpc.LeaseAsync("eth0", "02:00:00:00:00:03", "-r", "10.77.0.53")));
    }

    [Fact]
    public async Task Firmware_is_told_its_boot_file_and_ipxe_its_script()
    {
        TestNetwork.NeedRoot();
        const string Mac = "02:00:00:00:00:04";

        var firmware = await wire.Udhcpc.LeaseAsync("eth0", Mac, "-V", Pxe, "-x", "0x5d:0007");
        var ipxe = await wire.Udhcpc.LeaseAsync("eth0", Mac, "-V", Pxe, "-x", "0x5d:0007", "-x", "0x4d:69505845");

        Assert.Contains("file=snponly.efi siaddr=10.77.0.1", firmware, StringComparison.Ordinal);
        Assert.Contains("file=http://10.77.0.1:4081/ipxebootscript siaddr=10.77.0.1", ipxe, StringComparison.Ordinal);
        Assert.Equal(Udhcpc.AddressIn(firmware), Udhcpc.AddressIn(ipxe));
    }

    [Fact]
    public async Task A_machine_that_runs_hears_nothing_as_firmware_and_gets_a_lease_as_a_system()
    {
        TestNetwork.NeedRoot();

        Assert.Null(await wire.Udhcpc.TryLeaseAsync("eth0", MayuServer.RunningMac, "-t", "1", "-T", "1", "-V", Pxe, "-x", "0x5d:0007"));
        var lease = Udhcpc.AddressIn(await wire.Udhcpc.LeaseAsync("eth0", MayuServer.RunningMac));

        Assert.NotEqual(WireFixture.RunningAddress, lease);
        await wire.Mayu.PrintsAsync($"{MayuServer.RunningMac} gets no answer: it is running");
    }

    [Fact]
    public async Task Another_interface_is_not_served()
    {
        TestNetwork.NeedRoot();

        var (exitCode, output) = await wire.TryClientAsync(
            "udhcpc", "-f", "-q", "-n", "-i", "eth1", "-s", "/bin/true", "-t", "1", "-T", "1");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("no lease", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_an_error_that_names_it()
    {
        TestNetwork.NeedRoot();

        var (exitCode, output) = await wire.Mayu.SecondAsync(
            "--set", "boot.port=5081", "--set", "api.port=5080", "--set", $"data_dir={wire.Folder}/second");

        Assert.Equal(1, exitCode);
        Assert.Contains("DHCP cannot have port 67/udp on \"br0\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_is_missing_or_has_another_address_is_an_error_that_names_it()
    {
        TestNetwork.NeedRoot();

        var missing = await wire.Mayu.SecondAsync("--set", "network.interface=eth9");
        var wrong = await wire.Mayu.SecondAsync("--set", "network.interface=br1");

        Assert.Equal((1, 1), (missing.ExitCode, wrong.ExitCode));
        Assert.Contains("there is no interface \"eth9\"; the interfaces are: br0", missing.Output, StringComparison.Ordinal);
        Assert.Contains("interface \"br1\" does not have the address 10.77.0.1; it has 10.78.0.1", wrong.Output, StringComparison.Ordinal);
    }
}
