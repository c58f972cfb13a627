using System.Net;
using Mayu.Interop.Tests.Network;
using Mayu.Protocols.Dhcp;

namespace Mayu.Interop.Tests.Beside;

/// <summary>Mayu as a proxy beside ISC dhcpd, Kea and dnsmasq, which know nothing about booting.</summary>
public sealed class ProxyTests(ProxyTests.Wire wire) : IClassFixture<ProxyTests.Wire>
{
    private static readonly IPAddress Mayu = new([10, 77, 0, 1]);
    private static readonly IPAddress Other = new([10, 77, 0, 2]);

    public static TheoryData<string> Programs => [.. OtherServer.All];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_machine_gets_its_address_there_and_its_boot_file_here(string program)
    {
        TestNetwork.NeedRoot();
        await using var other = await StartAsync(program);
        byte[] mac = [2, 0, 0, 2, 0, (byte)program.Length];

        using (var firmware = new PxeClient(wire.Site.Segment, mac, PxeClient.Firmware(7)))
        {
            var (offer, proxy) = await HearBothAsync(firmware);
            Assert.Equal(("snponly.efi", "PXEClient", "060108FF"), (proxy.File, proxy.VendorClass, proxy.VendorOptions));
            Assert.Equal(Mayu, proxy.NextServer);
            Assert.NotEmpty(proxy.MachineIdentifier);
            var ack = await firmware.RequestAsync(offer);
            Assert.Equal((DhcpMessageType.Ack, Other, ""), (ack.Type, ack.Server, ack.File));

            var bootServer = await firmware.AskBootServerAsync(ack.Address, Mayu);
            Assert.Equal(("snponly.efi", "PXEClient", Mayu), (bootServer.File, bootServer.VendorClass, bootServer.NextServer));
            Assert.False(bootServer.HasAddress);
        }

        using (var ipxe = new PxeClient(wire.Site.Segment, mac, PxeClient.Ipxe(7)))
        {
            var (_, proxy) = await HearBothAsync(ipxe);
            Assert.Equal(("http://10.77.0.1:4081/ipxebootscript", "PXEClient", Mayu), (proxy.File, proxy.VendorClass, proxy.NextServer));
        }

        Assert.StartsWith("#!ipxe", await wire.Site.Segment.ClientAsync("curl", "-sS", "--max-time", "20", "http://10.77.0.1:4081/ipxebootscript"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task An_operating_system_and_a_machine_that_runs_hear_the_other_server_alone(string program)
    {
        TestNetwork.NeedRoot();
        await using var other = await StartAsync(program);
        using var system = new PxeClient(wire.Site.Segment, [2, 0, 0, 3, 0, (byte)program.Length]);
        await system.RequestAsync(await system.DiscoverAsync(IsOther));
        system.Dispose();

        using var running = new PxeClient(wire.Site.Segment, [2, 0, 0, 0, 0, 0x99], PxeClient.Firmware(7));
        await running.DiscoverAsync(IsOther);

        // Mayu answers in order: when it has said this, it has seen all that came before.
        await wire.Site.Mayu.PrintsAsync("02:00:00:00:00:99 gets no answer: it is running");
        Assert.All(system.Heard.Concat(running.Heard), answer => Assert.Equal(Other, answer.Server));
        Assert.DoesNotContain("02:00:00:03", wire.Site.Mayu.Log, StringComparison.Ordinal);
    }

    private static bool IsOther(PxeAnswer answer) => answer.Type == DhcpMessageType.Offer && answer.Server.Equals(Other);

    private Task<RunningProgram> StartAsync(string program) =>
        OtherServer.StartAsync(program, wire.Site.Segment.Other, OtherServer.Plain(program), wire.Site.Mayu.Folder);

    private static async Task<(PxeAnswer Offer, PxeAnswer Proxy)> HearBothAsync(PxeClient client)
    {
        await client.DiscoverAsync(_ => client.Heard.Any(answer => answer.Server.Equals(Mayu)) && client.Heard.Any(answer => answer.Server.Equals(Other)));
        var proxy = client.Heard.Last(answer => answer.Server.Equals(Mayu));
        var offer = client.Heard.Last(answer => answer.Server.Equals(Other));
        Assert.Equal((DhcpMessageType.Offer, false), (proxy.Type, proxy.HasAddress));
        Assert.Equal((DhcpMessageType.Offer, true), (offer.Type, offer.HasAddress));
        return (offer, proxy);
    }

    /// <summary>Mayu with the configuration of docs/external.md, and silence for machines with a system.</summary>
    public sealed class Wire : IAsyncLifetime
    {
        private MayuOnSegment? _site;

        internal MayuOnSegment Site => _site!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            if (Environment.IsPrivilegedProcess)
            {
                _site = await MayuOnSegment.StartAsync(ExternalPage.MayuWith("mode: proxy"), "network.interface=br0", "defaults.localboot=silent");
            }
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => _site?.DisposeAsync() ?? default;
    }
}
