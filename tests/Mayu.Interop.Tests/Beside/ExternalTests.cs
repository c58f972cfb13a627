using Mayu.Interop.Tests.Network;
using Mayu.Protocols.Dhcp;

namespace Mayu.Interop.Tests.Beside;

/// <summary>ISC dhcpd, Kea and dnsmasq with the configurations of docs/external.md, in front of a Mayu that is HTTP alone.</summary>
public sealed class ExternalTests(ExternalTests.Wire wire) : IClassFixture<ExternalTests.Wire>
{
    private const string Script = "http://10.77.0.1:4081/ipxebootscript";
    private const string OtherServer = "10.77.0.2";

    public static TheoryData<string> Programs => [.. Network.OtherServer.All];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Firmware_is_told_its_loader_and_ipxe_the_script_of_site(string program)
    {
        TestNetwork.NeedRoot();
        var segment = wire.Site.Segment;
        await using var other = await Network.OtherServer.StartAsync(program, segment.Other, ExternalPage.Of(program), wire.Site.Mayu.Folder);
        byte[] mac = [2, 0, 0, 1, 0, (byte)program.Length];

        var bios = await BootAsync(PxeClient.Firmware(0));
        var uefi = await BootAsync(PxeClient.Firmware(7));
        var byteCode = await BootAsync(PxeClient.Firmware(9));
        var http = await BootAsync([(DhcpOptionCode.VendorClassIdentifier, [.. "HTTPClient:Arch:00016:UNDI:003001"u8]), (DhcpOptionCode.ClientSystemArchitecture, [0, 16])]);
        var ipxe = await BootAsync(PxeClient.Ipxe(0));

        Assert.Equal(("undionly.kpxe", OtherServer), (bios.File, bios.NextServer.ToString()));
        Assert.Equal(("snponly.efi", OtherServer), (uefi.File, uefi.NextServer.ToString()));
        Assert.Equal(("snponly.efi", OtherServer), (byteCode.File, byteCode.NextServer.ToString()));
        Assert.Equal(("http://10.77.0.1:4081/loaders/snponly.efi", "HTTPClient"), (http.File, http.VendorClass));
        await segment.ClientAsync("curl", "-sS", "--fail", "--head", "--max-time", "20", http.File);
        Assert.Equal(Script, ipxe.File);
        Assert.Contains("B00101", ipxe.Ipxe, StringComparison.Ordinal);
        Assert.StartsWith("#!ipxe", await segment.ClientAsync("curl", "-sS", "--max-time", "20", ipxe.File), StringComparison.Ordinal);
        if (program != "dnsmasq")
        {
            // An iPXE that says what it can do, and HTTP is not among it.
            var withoutHttp = await BootAsync([.. PxeClient.Firmware(0), (DhcpOptionCode.UserClass, [.. "iPXE"u8]), (DhcpOptionCode.Etherboot, [0x18, 1, 1])]);
            Assert.Equal("undionly.kpxe", withoutHttp.File);
        }

        async Task<PxeAnswer> BootAsync((DhcpOptionCode, byte[])[] options)
        {
            using var client = new PxeClient(segment, mac, options);
            var offer = await client.DiscoverAsync(answer => answer.Type == DhcpMessageType.Offer);
            var ack = await client.RequestAsync(offer);
            Assert.Equal((DhcpMessageType.Ack, offer.File), (ack.Type, ack.File));
            return ack;
        }
    }

    [Fact]
    public async Task Mayu_opens_none_of_the_ports_of_dhcp_and_tftp()
    {
        TestNetwork.NeedRoot();

        var ports = await ProgramRun.OrFailAsync("ip", "netns", "exec", wire.Site.Segment.Mayu, "ss", "-lun");

        Assert.DoesNotMatch(":(67|68|69|4011) ", ports);
        await wire.Site.Mayu.PrintsAsync("(engine: external)");
    }

    /// <summary>Mayu with the configuration of the page.</summary>
    public sealed class Wire : IAsyncLifetime
    {
        private MayuOnSegment? _site;

        internal MayuOnSegment Site => _site!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            if (Environment.IsPrivilegedProcess)
            {
                _site = await MayuOnSegment.StartAsync(ExternalPage.MayuWith("engine: external"));
            }
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => _site?.DisposeAsync() ?? default;
    }
}
