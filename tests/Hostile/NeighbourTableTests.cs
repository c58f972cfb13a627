using Mayu.Interop.Tests.Network;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Hostile.Tests;

/// <summary>
/// Requests in the name of addresses of the segment that nobody has: each answer has the kernel ask for a MAC, and wait for it in a table of
/// 1,024 entries (net.ipv4.neigh.default.gc_thresh3). Where that is full, the kernel sends nothing more, broadcasts neither.
/// </summary>
public sealed class NeighbourTableTests
{
    private const byte KnownMachine = 0x99;
    private const ushort TftpPort = 69;

    // The kernel makes room only where an entry has not changed for five seconds.
    private static readonly int Requests = AttackCount.Of(12_000, 120_000);

    private static readonly byte[] Rrq = [.. "\0\u0001file\0octet\0"u8];
    private static readonly byte[] RrqOfNothing = [.. "\0\u0001no-such-file\0octet\0"u8];
    private static readonly byte[] Wrq = [.. "\0\u0002file\0octet\0"u8];
    private static readonly byte[] Malformed = [.. "\0\u0001file"u8];

    [Fact]
    public async Task Tftp_requests_of_made_up_senders_leave_a_known_machine_its_offers_and_the_table_room()
    {
        await using var segment = await BootSegment.BuildAsync();
        await ServeAsync(segment);

        var (asked, offered, unresolved) = (0, 0, 0);
        byte[][] kinds = [Rrq, Rrq, RrqOfNothing, Wrq, Malformed];
        for (var i = 0; i < Requests; i++)
        {
            segment.Send(MadeUp(i), 2000, TftpPort, kinds[i % kinds.Length]);
            if (i % 20 == 19)
            {
                // About 2,000 a second.
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            // The table is full after the first tenth, if it ever is.
            if (i % (Requests / 10) == 0 && i > Requests / 10)
            {
                asked++;
                // The kernel forgets whom it asked for in vain some seconds later.
                unresolved = Math.Max(unresolved, await UnresolvedAsync(segment));
                offered += await segment.IsOfferedAsync(ClientPackets.Discover(KnownMachine)) ? 1 : 0;
            }
        }

        Assert.Equal((8, 8), (asked, offered));
        Assert.InRange(unresolved, 1, 600);
    }

    [Fact]
    public async Task Dhcp_requests_and_boot_server_requests_of_made_up_clients_have_the_kernel_ask_for_nobody()
    {
        await using var segment = await BootSegment.BuildAsync();
        await ServeAsync(segment);

        // Few enough to fit into the table, were they to be asked for.
        var firmware = ClientPackets.Request(1, DhcpMessageType.Request, ClientPackets.Pxe(7));
        for (var i = 0; i < 300; i++)
        {
            var sender = MadeUp(i);
            segment.Send(sender, 68, 67, ClientPackets.Request(1, DhcpMessageType.Inform, sender));
            segment.Send(sender, 68, 4011, firmware);
            await Task.Delay(i % 20 == 19 ? 10 : 0, TestContext.Current.CancellationToken);
        }

        Assert.True(await segment.IsOfferedAsync(ClientPackets.Discover(KnownMachine)));
        Assert.InRange(await UnresolvedAsync(segment), 0, 10);
    }

    private static async Task ServeAsync(BootSegment segment)
    {
        var tftp = Directory.CreateDirectory(Path.Combine(segment.Mayu.Folder, "tftp")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(tftp, "file"), new byte[100_000]);
        await segment.Mayu.AddRunningMachineAsync("10.77.255.1");
        await segment.Mayu.ConfigureAsync($$"""
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/16
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.200 }
              internal_range: { start: 10.77.255.1, end: 10.77.255.150 }
            tftp_root: {{tftp}}
            defaults: { image: none }
            """);
        await segment.Mayu.StartAsync();
        Assert.True(await segment.IsOfferedAsync(ClientPackets.Discover(KnownMachine)));
    }

    // From 10.77.16.0 on.
    private static Ipv4 MadeUp(int number) => new(Ipv4.Of(10, 77, 16, 0).Value + ((uint)number % 0xE000));

    private static async Task<int> UnresolvedAsync(BootSegment segment) =>
        (await TestNetwork.IpAsync(segment.Host, "-4", "neigh", "show", "nud", "incomplete", "nud", "failed")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
}
