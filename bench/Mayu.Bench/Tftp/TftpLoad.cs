using System.Diagnostics;
using System.Net.Sockets;
using Mayu.Bench.Network;
using Mayu.Lab;
using Mayu.Protocols.Tftp;

namespace Mayu.Bench.Tftp;

/// <summary>Clients that all fetch the same file at the same time, each from an address of its own, all on one thread.</summary>
internal sealed class TftpLoad
{
    /// <summary>The last answer that a client sends again when it hears nothing.</summary>
    private const int Patience = 1000;

    private const int GiveUp = 20_000;

    /// <summary>10.77.4.1: the first of those addresses that belong to the clients' end.</summary>
    private const uint FirstClient = 0x0A4D0401;

    private readonly ClientSocket _socket;
    private readonly string _file;
    private readonly Download[] _downloads;

    private TftpLoad(ClientSocket socket, string file, Download[] downloads)
    {
        _socket = socket;
        _file = file;
        _downloads = downloads;
    }

    /// <summary>Fetches the file with every client. The server is left with the last ACKs outstanding until its usage was read.</summary>
    /// <param name="network">Where.</param>
    /// <param name="clients">How many.</param>
    /// <param name="file">The file's name.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="options">What each client asks for.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What came, the time until the last client had all, and the servers' processor time.</returns>
    /// <exception cref="LabException">A client got an error, wrong bytes, or nothing for 20 s.</exception>
    public static async Task<(long Bytes, TimeSpan Elapsed, TimeSpan Cpu)> RunAsync(
        BenchNetwork network, int clients, string file, long size, TftpRequestedOptions options, CancellationToken cancellation)
    {
        using var socket = new ClientSocket(
            await network.CreateClientSocketAsync(SocketType.Dgram, ProtocolType.Udp), BenchNetwork.ServerAddress);
        var load = new TftpLoad(socket, file, [.. Enumerable.Range(0, clients).Select(_ => new Download(options, size))]);
        var before = await network.UsageAsync(cancellation);
        var elapsed = await Task.Factory.StartNew(
            () => load.Run(cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var after = await network.UsageAsync(cancellation);
        load.AnswerAll();
        return (size * clients, elapsed, after.Cpu - before.Cpu);
    }

    private TimeSpan Run(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        AnswerAll();
        var left = _downloads.Length;
        var looked = 0L;
        while (left > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_socket.Wait(Patience / 4))
            {
                left -= Receive(clock.ElapsedMilliseconds);
            }

            if (clock.ElapsedMilliseconds - looked >= Patience / 4)
            {
                looked = clock.ElapsedMilliseconds;
                RepeatWhereNothingCame(looked);
            }

            _socket.Flush();
        }

        return clock.Elapsed;
    }

    // Returns how many clients now have all.
    private int Receive(long now)
    {
        var completed = 0;
        var count = _socket.Receive();
        for (var i = 0; i < count; i++)
        {
            var client = _socket.ClientAddress(i) - FirstClient;
            if (client >= _downloads.Length)
            {
                continue;
            }

            var download = _downloads[client];
            var (blocks, had) = (download.Blocks, download.IsComplete);
            download.ServerPort = _socket.ServerPort(i);
            if (download.Take(_socket.Datagram(i)))
            {
                Answer((int)client);
            }

            download.Heard = download.Blocks > blocks ? now : download.Heard;
            completed += download.IsComplete && !had ? 1 : 0;
        }

        return completed;
    }

    private void RepeatWhereNothingCame(long now)
    {
        for (var i = 0; i < _downloads.Length; i++)
        {
            var silence = now - _downloads[i].Heard;
            if (_downloads[i].IsComplete || silence < Patience)
            {
                continue;
            }

            if (silence > GiveUp)
            {
                throw new LabException($"client {i + 1} of {_downloads.Length} has received nothing for {silence / 1000} s, after {_downloads[i].Blocks} blocks");
            }

            Answer(i);
        }
    }

    private void AnswerAll()
    {
        for (var i = 0; i < _downloads.Length; i++)
        {
            Answer(i);
        }

        _socket.Flush();
    }

    private void Answer(int client) =>
        _socket.Queue(_downloads[client].WriteAnswer(_socket.Packet, _file), FirstClient + (uint)client, _downloads[client].ServerPort);
}
