using System.Diagnostics.CodeAnalysis;
using Mayu.Linux.Sockets;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Tftp;

/// <summary>
/// TFTP on one interface: one thread that receives many datagrams with a call, has <see cref="TftpRequests"/> decide, and sends
/// many with a call. It waits for nothing but datagrams and deadlines, and for a file that the disk does not have in memory yet.
/// </summary>
internal sealed partial class TftpListener : IDisposable
{
    // Each transfer has a port that the client's last one did not have; more ports make the batches smaller.
    private const int TransferPorts = 4;

    // So that a busy port keeps neither the others nor the deadlines waiting.
    private const int BatchesInARow = 4;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(10);

    private readonly BootInterface _nic;
    private readonly TftpPort[] _ports;
    private readonly TftpRequests _requests;
    private readonly TimeProvider _clock;
    private readonly ILogger<TftpListener> _logger;
    private readonly ReceiveBatch _incoming = new();
    private readonly ReceiveBatch _incomingRequests = new();
    private readonly SendBatch _outgoing = new();
    private readonly PortWait _wait;
    private readonly LinkRoutes _routes;
    private bool _receiveFailed;
    private long _turns;
    private long _turnsSeen = -1;

    // The first port is that of requests.
    private TftpListener(BootInterface nic, TftpPort[] ports, TftpParts parts, ILogger<TftpListener> logger)
    {
        _nic = nic;
        _ports = ports;
        _routes = new LinkRoutes(nic.Name, parts.Clock);
        var unresolved = new UnresolvedClients(parts.Settings.MaximumUnresolvedClients, IsResolved, parts.Clock);
        _requests = new TftpRequests(parts, nic.Mtu, parts.Settings.SinglePort ? ports : ports[1..], unresolved, new TftpLog(logger, parts.Clock));
        _clock = parts.Clock;
        _logger = logger;
        _wait = new PortWait(ports);
    }

    /// <summary>The port of requests.</summary>
    public int RequestPort => _ports[0].Number;

    /// <summary>Transfers that run.</summary>
    public int Transfers => _requests.Transfers.Count;

    /// <summary>Whether its thread has looked at its ports since this was asked last. Asking wakes it.</summary>
    public bool IsTurning()
    {
        var turns = Volatile.Read(ref _turns);
        var isTurning = turns != _turnsSeen;
        _turnsSeen = turns;
        _wait.Wake();
        return isTurning;
    }

    /// <summary>Takes the ports. From here on requests queue; <see cref="RunAsync"/> answers them.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="parts">What it works with.</param>
    /// <param name="logger">The log.</param>
    /// <param name="listener">The listener.</param>
    /// <param name="problem">Why not, as a sentence that names the thing; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, TftpParts parts, ILogger<TftpListener> logger,
        [NotNullWhen(true)] out TftpListener? listener, [NotNullWhen(false)] out string? problem)
    {
        (listener, problem) = (null, null);
        var ports = new List<TftpPort>();
        var numbers = new[] { parts.Settings.Port }.Concat(Enumerable.Repeat(0, parts.Settings.SinglePort ? 0 : TransferPorts));
        foreach (var number in numbers)
        {
            if (!TftpPort.TryOpen(nic, number, out var port, out problem))
            {
                ports.ForEach(opened => opened.Dispose());
                return false;
            }

            ports.Add(port);
        }

        listener = new TftpListener(nic, [.. ports], parts, logger);
        return true;
    }

    /// <summary>Answers until a token ends it.</summary>
    /// <param name="draining">Takes no more requests, and ends when the last transfer that runs has ended.</param>
    /// <param name="cancellationToken">Ends it at once, with the transfers that run.</param>
    public async Task RunAsync(CancellationToken draining, CancellationToken cancellationToken)
    {
        LogListening(_nic.Name, _nic.Address, RequestPort);
        using var registration = cancellationToken.UnsafeRegister(static wait => ((PortWait)wait!).Wake(), _wait);
        using var drain = draining.UnsafeRegister(static wait => ((PortWait)wait!).Wake(), _wait);
        // A thread of its own: it spends its life in the kernel, where a pool's thread would be missed.
        await Task.Factory.StartNew(
            () => Run(draining, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var port in _ports)
        {
            port.Dispose();
        }

        _incoming.Dispose();
        _incomingRequests.Dispose();
        _outgoing.Dispose();
        _wait.Dispose();
    }

    // Behind a router nobody has a MAC here.
    private bool IsResolved(SocketName client) =>
        !_nic.IsEthernet || NeighbourQuery.IsResolved(_ports[0].Descriptor, _nic.Name, client) || !_routes.IsOnLink(client.Address);

    private void Run(CancellationToken draining, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && (_requests.Transfers.Count > 0 || !draining.IsCancellationRequested))
        {
            Volatile.Write(ref _turns, _turns + 1);
            try
            {
                Turn(draining);
            }
            catch (Exception exception)
            {
                // A file cannot be read, or there is a defect: nothing ends the service.
                LogFailure(exception, _nic.Name);
                _outgoing.Clear();
                _receiveFailed = true;
            }

            if (_receiveFailed)
            {
                _receiveFailed = false;
                cancellationToken.WaitHandle.WaitOne(PauseAfterFailure);
            }
        }

        _requests.Transfers.StopAll("the server is stopping");
    }

    // Send before the next port receives: the batch belongs to one port at a time.
    private void Turn(CancellationToken draining)
    {
        var next = _requests.Transfers.Expire(_clock.GetTimestamp());
        SendAll();
        _wait.For(next is { } due ? _clock.GetElapsedTime(_clock.GetTimestamp(), due) : null);
        for (var i = 0; i < _ports.Length; i++)
        {
            if (_wait.IsWritable(i))
            {
                _ports[i].HasRoom();
            }

            if (i > 0 && _wait.IsReadable(i))
            {
                Receive(_ports[i]);
            }
        }

        if (_wait.IsReadable(0))
        {
            _requests.TakesNew = !draining.IsCancellationRequested;
            ReceiveRequests();
        }
    }

    private void Receive(TftpPort port)
    {
        for (var round = 0; round < BatchesInARow; round++)
        {
            var count = _incoming.Receive(port.Descriptor);
            Take(port, _incoming, count);
            if (count < ReceiveBatch.Capacity)
            {
                return;
            }
        }
    }

    // What a client sent to other ports before its request is there when the request is, and comes before it: the transfer
    // that its last ACK completes is not taken for one that it gave up.
    private void ReceiveRequests()
    {
        var count = _incomingRequests.Receive(_ports[0].Descriptor);
        for (var i = 1; i < _ports.Length; i++)
        {
            Receive(_ports[i]);
        }

        Take(_ports[0], _incomingRequests, count);
    }

    private void Take(TftpPort port, ReceiveBatch batch, int count)
    {
        var now = _clock.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            _requests.Take(port, isRequestPort: port == _ports[0], batch.Datagram(i), batch.Sender(i), _outgoing, now);
        }

        Send(port);
        _receiveFailed |= count < 0;
    }

    private void SendAll()
    {
        foreach (var port in _ports)
        {
            Send(port);
        }
    }

    private void Send(TftpPort port)
    {
        port.Send(_outgoing);
        while (port.TryTakeFailed(out var transfer))
        {
            _requests.Transfers.Update(transfer);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "TFTP answers on {Interface}, {Address} port {Port}/udp")]
    private partial void LogListening(string @interface, Ipv4 address, int port);

    [LoggerMessage(Level = LogLevel.Error, Message = "TFTP on {Interface} dropped a request")]
    private partial void LogFailure(Exception exception, string @interface);
}
