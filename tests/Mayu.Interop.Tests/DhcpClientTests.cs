namespace Mayu.Interop.Tests;

/// <summary>busybox udhcpc and ISC dhclient, as they are, against the server.</summary>
public sealed class DhcpClientTests(WireFixture wire)
{
    private const string Pxe = "PXEClient:Arch:00007:UNDI:003001";

    [Fact]
    public async Task Udhcpc_gets_a_lease_with_the_network_it_is_in()
    {
        WireFixture.NeedRoot();
        await UseMacAsync("02:00:00:00:00:01");

        var lease = await wire.ClientAsync(Udhcpc());

        Assert.InRange(int.Parse(AddressIn(lease).Split('.')[3]), 50, 60);
        Assert.Contains(
            " mask=24 router=10.77.0.254 dns=10.77.0.2 domain=rack.test lease=600 server=10.77.0.1 file= siaddr=\n", lease, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dhclient_gets_the_lease_that_udhcpc_had_and_gives_it_back()
    {
        WireFixture.NeedRoot();
        await UseMacAsync("02:00:00:00:00:02");
        var first = AddressIn(await wire.ClientAsync(Udhcpc()));
        var files = Path.Combine(wire.Folder, "dhclient");
        string[] dhclient = ["dhclient", "-v", "-sf", "/bin/true", "-lf", files + ".leases", "-pf", files + ".pid"];

        var output = await wire.ClientAsync([.. dhclient, "-1", "eth0"]);

        Assert.Contains($"bound to {first}", output, StringComparison.Ordinal);
        await wire.ClientAsync([.. dhclient, "-r", "eth0"]);
        await wire.LogHasAsync($"02:00:00:00:00:02 gave {first} back");
    }

    [Fact]
    public async Task A_wish_is_granted()
    {
        WireFixture.NeedRoot();
        await UseMacAsync("02:00:00:00:00:03");

        Assert.Equal("10.77.0.53", AddressIn(await wire.ClientAsync([.. Udhcpc(), "-r", "10.77.0.53"])));
    }

    [Fact]
    public async Task Firmware_is_told_its_boot_file_and_ipxe_its_script()
    {
        WireFixture.NeedRoot();
        await UseMacAsync("02:00:00:00:00:04");

        var firmware = await wire.ClientAsync([.. Udhcpc(), "-V", Pxe, "-x", "0x5d:0007"]);
        var ipxe = await wire.ClientAsync([.. Udhcpc(), "-V", Pxe, "-x", "0x5d:0007", "-x", "0x4d:69505845"]);

        Assert.Contains("file=ipxe.efi siaddr=10.77.0.1", firmware, StringComparison.Ordinal);
        Assert.Contains("file=http://10.77.0.1:4081/ipxebootscript siaddr=10.77.0.1", ipxe, StringComparison.Ordinal);
        Assert.Equal(AddressIn(firmware), AddressIn(ipxe));
    }

    [Fact]
    public async Task A_machine_that_runs_hears_nothing_as_firmware_and_gets_a_lease_as_a_system()
    {
        WireFixture.NeedRoot();
        await UseMacAsync(WireFixture.RunningMac);

        var (exitCode, _) = await wire.TryClientAsync([.. Udhcpc(), "-t", "1", "-T", "1", "-V", Pxe, "-x", "0x5d:0007"]);
        Assert.NotEqual(0, exitCode);
        var lease = AddressIn(await wire.ClientAsync(Udhcpc()));

        Assert.NotEqual(WireFixture.RunningAddress, lease);
        await wire.LogHasAsync($"{WireFixture.RunningMac} gets no answer: it is running");
    }

    [Fact]
    public async Task Another_interface_is_not_served()
    {
        WireFixture.NeedRoot();

        var (exitCode, output) = await wire.TryClientAsync(
            "udhcpc", "-f", "-q", "-n", "-i", "eth1", "-s", "/bin/true", "-t", "1", "-T", "1");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("no lease", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_an_error_that_names_it()
    {
        WireFixture.NeedRoot();

        var (exitCode, output) = await wire.SecondServerAsync(
            "--set", "boot.port=5081", "--set", "api.port=5080", "--set", $"data_dir={wire.Folder}/second");

        Assert.Equal(1, exitCode);
        Assert.Contains("DHCP cannot have port 67/udp on \"br0\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_is_missing_or_has_another_address_is_an_error_that_names_it()
    {
        WireFixture.NeedRoot();

        var missing = await wire.SecondServerAsync("--set", "network.interface=eth9");
        var wrong = await wire.SecondServerAsync("--set", "network.interface=br1");

        Assert.Equal((1, 1), (missing.ExitCode, wrong.ExitCode));
        Assert.Contains("there is no interface \"eth9\"; there are: br0", missing.Output, StringComparison.Ordinal);
        Assert.Contains("interface \"br1\" does not have the address 10.77.0.1; it has 10.78.0.1", wrong.Output, StringComparison.Ordinal);
    }

    private string[] Udhcpc() => ["udhcpc", "-f", "-q", "-n", "-i", "eth0", "-t", "4", "-T", "2", "-s", Path.Combine(wire.Folder, "udhcpc.script")];

    private Task<string> UseMacAsync(string mac) => wire.ClientAsync("ip", "link", "set", "eth0", "address", mac);

    private static string AddressIn(string output)
    {
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith("ip=10.77.0.", StringComparison.Ordinal));
        Assert.True(line is not null, output);
        return line.Split(' ')[0]["ip=".Length..];
    }
}
