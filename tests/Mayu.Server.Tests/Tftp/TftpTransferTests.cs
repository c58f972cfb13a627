using System.Net;
using System.Net.Sockets;
using System.Text;
using Mayu.Core.Addresses;
using Mayu.Protocols.Tftp;
using Mayu.Server.Tftp;

namespace Mayu.Server.Tests.Tftp;

/// <summary>A transfer over loopback against a client that the test plays by hand.</summary>
public sealed class TftpTransferTests : IDisposable
{
    private const int Size = 1100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _path = Path.GetTempFileName();
    private readonly Socket _client = Loopback();
    private readonly Socket _server = Loopback();
    private readonly byte[] _content = [.. Enumerable.Range(0, Size).Select(i => (byte)(i * 7))];

    public TftpTransferTests()
    {
        File.WriteAllBytes(_path, _content);
        _client.ReceiveTimeout = (int)Patience.TotalMilliseconds;
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public async Task A_file_arrives_whole()
    {
        using var transfer = Transfer(new TftpRequestedOptions { BlockSize = 600, TransferSize = 0 });
        var running = transfer.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal("\0\u0006blksize\0600\0tsize\01100\0", Encoding.Latin1.GetString(Receive()));
        Acknowledge(0);
        var first = Receive();
        Acknowledge(1);
        var second = Receive();
        Acknowledge(2);
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(_content, first[4..].Concat(second[4..]));
        Assert.Equal(TftpOutcome.Completed, transfer.Outcome);
        Assert.Equal(Size, transfer.Bytes);
    }

    [Fact]
    public async Task A_packet_from_a_wrong_port_gets_error_5_and_harms_nothing()
    {
        using var stranger = Loopback();
        using var transfer = Transfer(default);
        var running = transfer.RunAsync(TestContext.Current.CancellationToken);

        Receive();
        stranger.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        stranger.SendTo(new byte[] { 0, 4, 0, 1 }, _server.LocalEndPoint!);
        stranger.SendTo(new byte[] { 0, 5, 0, 0, 0 }, _server.LocalEndPoint!);
        var error = new byte[100];
        stranger.Receive(error);
        Assert.Equal([0, 5, 0, 5], error[..4]);
        foreach (var block in (ushort[])[1, 2, 3])
        {
            Acknowledge(block);
        }

        Receive();
        Receive();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(TftpOutcome.Completed, transfer.Outcome);
    }

    [Fact]
    public async Task Silence_ends_it()
    {
        using var transfer = Transfer(default, new TftpSettings { FirstTimeout = TimeSpan.FromMilliseconds(1), Retransmissions = 2 });
        await transfer.RunAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(TftpOutcome.TimedOut, transfer.Outcome);
        Assert.Equal(Receive(), Receive());
        Assert.Equal([0, 3, 0, 1], Receive()[..4]);
    }

    [Fact]
    public async Task A_file_that_shrinks_ends_it_with_an_error()
    {
        using var transfer = Transfer(default);
        var running = transfer.RunAsync(TestContext.Current.CancellationToken);
        Receive();
        File.WriteAllText(_path, "short");
        Acknowledge(1);

        Assert.Equal([0, 5, 0, 0], Receive()[..4]);
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Contains("shorter", transfer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_transfer_ends_without_a_word()
    {
        using var transfer = Transfer(default);
        var running = transfer.RunAsync(TestContext.Current.CancellationToken);
        Receive();
        transfer.Stop();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal("stopped", transfer.Reason);
        Assert.Equal(0, _client.Available);
    }

    [Fact]
    public void A_repeated_request_begins_nothing_and_a_new_one_ends_the_old_transfer()
    {
        using var transfer = Transfer(default);
        var table = new TftpTransferTable(new TftpSettings { MaximumTransfersPerClient = 1 });
        Assert.Equal(TftpAdmission.Admitted, table.Admit(transfer.Client));
        table.Add(transfer, Task.CompletedTask);

        Assert.Equal(TftpAdmission.Repeated, table.Admit(transfer.Client));
        Assert.Equal(TftpAdmission.TooMany, table.Admit((transfer.Client.Address, 9)));
        Assert.Equal(TftpAdmission.Admitted, table.Admit((new Ipv4(5), 9)));
        table.Remove(transfer);
        table.Remove(transfer);
        Assert.Equal(TftpAdmission.Admitted, table.Admit((transfer.Client.Address, 9)));
        Assert.Empty(table.Running());
    }

    [Fact]
    public async Task A_request_from_the_same_port_ends_a_transfer_that_was_under_way()
    {
        using var transfer = Transfer(default);
        var table = new TftpTransferTable(new TftpSettings());
        var running = transfer.RunAsync(TestContext.Current.CancellationToken);
        table.Add(transfer, running);
        Receive();
        Acknowledge(1);
        Receive();

        Assert.Equal(TftpAdmission.Admitted, table.Admit(transfer.Client));
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal("stopped", transfer.Reason);
    }

    private static Socket Loopback()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private TftpTransfer Transfer(TftpRequestedOptions options, TftpSettings? settings = null)
    {
        var file = new TftpFile("file", File.OpenHandle(_path, share: FileShare.ReadWrite));
        var client = (new Ipv4(0x7F000001), (ushort)((IPEndPoint)_client.LocalEndPoint!).Port);
        return new TftpTransfer(
            file, TftpAgreement.Negotiate(options, Size, 1468, 16), settings ?? new TftpSettings { FirstTimeout = Patience }, _server, client, TimeProvider.System);
    }

    private byte[] Receive()
    {
        var buffer = new byte[2000];
        return buffer[.._client.Receive(buffer)];
    }

    private void Acknowledge(ushort block) => _client.SendTo(new byte[] { 0, 4, (byte)(block >> 8), (byte)block }, _server.LocalEndPoint!);
}
