using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Mayu.Interop.Tests.Network;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Interop.Tests.Beside;

/// <summary>
/// A machine's DHCP as firmware does it, at packet level: it hears every answer, and keeps them all. No ready-made client shows what a
/// proxy says, since none takes an offer without an address.
/// </summary>
internal sealed class PxeClient : IDisposable
{
    private const int ServerPort = 67;
    private const int ClientPort = 68;
    private const int BootServerPort = 4011;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly Segment _segment;
    private readonly HardwareAddress _mac;
    private readonly (DhcpOptionCode Code, byte[] Value)[] _options;
    private readonly Socket _socket;
    private readonly uint _transaction;

    /// <param name="segment">Where it is plugged in.</param>
    /// <param name="mac">Six bytes.</param>
    /// <param name="options">What it says about itself.</param>
    public PxeClient(Segment segment, byte[] mac, params (DhcpOptionCode Code, byte[] Value)[] options)
    {
        _segment = segment;
        _mac = new HardwareAddress(HardwareAddress.Ethernet, mac);
        _options = options;
        _transaction = BinaryPrimitives.ReadUInt32BigEndian(mac.AsSpan(2));
        _socket = segment.OpenClientSocket(ClientPort);
    }

    /// <summary>Every answer that came, in order.</summary>
    public List<PxeAnswer> Heard { get; } = [];

    /// <summary>What a firmware's PXE says of itself.</summary>
    public static (DhcpOptionCode, byte[])[] Firmware(byte architecture) =>
    [
        (DhcpOptionCode.VendorClassIdentifier, [.. "PXEClient:Arch:00000:UNDI:003001"u8]),
        (DhcpOptionCode.ClientSystemArchitecture, [0, architecture]),
        (DhcpOptionCode.ClientMachineIdentifier, [0, .. Enumerable.Range(1, 16).Select(i => (byte)i)]),
    ];

    /// <summary>What an iPXE with HTTP says of itself.</summary>
    public static (DhcpOptionCode, byte[])[] Ipxe(byte architecture) =>
        [.. Firmware(architecture), (DhcpOptionCode.UserClass, [.. "iPXE"u8]), (DhcpOptionCode.Etherboot, [0x13, 1, 1, 0x18, 1, 1])];

    /// <summary>Sends DHCPDISCOVER until the answers fit.</summary>
    public async Task<PxeAnswer> DiscoverAsync(Func<PxeAnswer, bool> isIt) =>
        await AskAsync(_socket, Write(DhcpMessageType.Discover, Ipv4.Any), new IPEndPoint(IPAddress.Broadcast, ServerPort), isIt);

    /// <summary>Takes an offer; the interface gets the address.</summary>
    public async Task<PxeAnswer> RequestAsync(PxeAnswer offer)
    {
        var request = Write(DhcpMessageType.Request, Ipv4.Any, (DhcpOptionCode.RequestedAddress, offer.Address.GetAddressBytes()), (DhcpOptionCode.ServerIdentifier, offer.Server.GetAddressBytes()));
        var ack = await AskAsync(_socket, request, new IPEndPoint(IPAddress.Broadcast, ServerPort), answer => answer.Type is DhcpMessageType.Ack or DhcpMessageType.Nak);
        await _segment.ClientAsync("ip", "address", "replace", $"{ack.Address}/24", "dev", "eth0");
        return ack;
    }

    /// <summary>Asks port 4011, as EDK2 does: from the same port, with its address.</summary>
    public async Task<PxeAnswer> AskBootServerAsync(IPAddress own, IPAddress server)
    {
        using var socket = _segment.OpenClientSocket(BootServerPort);
        return await AskAsync(socket, Write(DhcpMessageType.Request, Ipv4.From(own)), new IPEndPoint(server, BootServerPort), answer => answer.Type == DhcpMessageType.Ack);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private byte[] Write(DhcpMessageType type, Ipv4 own, params (DhcpOptionCode Code, byte[] Value)[] more)
    {
        var buffer = new byte[600];
        var writer = DhcpPacketWriter.Request(buffer, type, _mac, _transaction);
        writer.ClientAddress = own;
        // It could not take unicast: nobody answers ARP for the address that it is offered.
        writer.Broadcast = own.IsAny;
        writer.Add(DhcpOptionCode.ParameterRequestList, [1, 3, 43, 54, 60, 66, 67, 97, 175]);
        foreach (var (code, value) in _options.Concat(more))
        {
            writer.Add(code, value);
        }

        return buffer[..writer.Finish()];
    }

    private async Task<PxeAnswer> AskAsync(Socket socket, byte[] packet, IPEndPoint to, Func<PxeAnswer, bool> isIt)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var buffer = new byte[2048];
        while (true)
        {
            await socket.SendToAsync(packet, SocketFlags.None, to, patience.Token);
            using var again = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
            again.CancelAfter(Again);
            try
            {
                while (true)
                {
                    var length = await socket.ReceiveAsync(buffer, SocketFlags.None, again.Token);
                    if (PxeAnswer.TryRead(buffer.AsSpan(0, length), _transaction) is { } answer)
                    {
                        Heard.Add(answer);
                        if (isIt(answer))
                        {
                            return answer;
                        }
                    }
                }
            }
            catch (OperationCanceledException) when (!patience.IsCancellationRequested)
            {
                // Firmware asks again, too.
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"no answer that fits came; {Heard.Count} others did: {string.Join("; ", Heard)}");
            }
        }
    }
}
