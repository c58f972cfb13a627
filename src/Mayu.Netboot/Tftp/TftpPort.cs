using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Mayu.Linux;
using Mayu.Linux.Sockets;
using Mayu.Netboot.Net;
using Mayu.Protocols.Tftp;

namespace Mayu.Netboot.Tftp;

/// <summary>
/// A socket that many transfers share, and those of them that have something to send. It never waits: where the kernel has no
/// room, what is left waits here until it has. Used by the listener's thread alone.
/// </summary>
internal sealed class TftpPort : IDisposable
{
    // Answers to many clients at once; and what waits for a client whose MAC nobody tells fills the buffer for seconds.
    private const int BufferSize = 8 << 20;
    private const int SocketLevel = 1;
    private const int SendBufferForce = 32;
    private const int ReceiveBufferForce = 33;

    private readonly Socket _socket;
    private readonly Queue<TftpTransfer> _ready = new();
    private readonly Queue<TftpTransfer> _failed = new();
    private bool _cutsByKernel = true;

    private TftpPort(Socket socket)
    {
        _socket = socket;
        Descriptor = (int)socket.Handle;
        SetBuffer(ReceiveBufferForce, SocketOptionName.ReceiveBuffer);
        SetBuffer(SendBufferForce, SocketOptionName.SendBuffer);
    }

    /// <summary>The socket's descriptor.</summary>
    public int Descriptor { get; }

    /// <summary>Its number.</summary>
    public int Number => ((System.Net.IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Whether it waits for the kernel to have room.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Opens it.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="number">The port; 0 takes any.</param>
    /// <param name="port">The port.</param>
    /// <param name="problem">Why not, as a sentence that names it; null on success.</param>
    public static bool TryOpen(BootInterface nic, int number, [NotNullWhen(true)] out TftpPort? port, [NotNullWhen(false)] out string? problem)
    {
        port = UdpSocket.TryOpen(nic, nic.Address.ToIPAddress(), number, "TFTP", out var socket, out problem) ? new TftpPort(socket) : null;
        return port is not null;
    }

    /// <summary>A transfer has something to send.</summary>
    public void Enqueue(TftpTransfer transfer)
    {
        if (transfer.TryQueue())
        {
            _ready.Enqueue(transfer);
        }
    }

    /// <summary>There is room again.</summary>
    public void HasRoom() => IsFull = false;

    /// <summary>Answers somebody to whom no transfer runs; the answer goes out with the next <see cref="Send"/>, or is lost.</summary>
    public void Refuse(SendBatch batch, SocketName client, TftpErrorCode code, ReadOnlySpan<byte> message)
    {
        if (!batch.HasRoom())
        {
            Flush(batch);
        }

        batch.EndPacket(TftpPacketWriter.WriteError(batch.BeginPacket(client, transfer: null), code, message));
    }

    /// <summary>Sends what the batch has for this port and what its transfers owe, as far as there is room.</summary>
    public void Send(SendBatch batch)
    {
        do
        {
            if (!IsFull)
            {
                Fill(batch);
            }

            Flush(batch);
        }
        while (_ready.Count > 0 && !IsFull);
    }

    /// <summary>The next of those transfers that failed while they were sent; whoever takes it ends it.</summary>
    public bool TryTakeFailed([NotNullWhen(true)] out TftpTransfer? transfer) => _failed.TryDequeue(out transfer);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Fill(SendBatch batch)
    {
        while (_ready.TryPeek(out var transfer) && TryAddAll(batch, transfer))
        {
            _ready.Dequeue();
            transfer.Dequeue();
        }
    }

    private bool TryAddAll(SendBatch batch, TftpTransfer transfer)
    {
        if (transfer.OwesPacket && !batch.HasRoom())
        {
            return false;
        }

        if (transfer.TakeOack())
        {
            batch.EndPacket(TftpPacketWriter.WriteOptionAcknowledgement(batch.BeginPacket(transfer.Name, transfer), transfer.Agreement));
        }

        if (transfer.TakeError() is { } message)
        {
            batch.EndPacket(TftpPacketWriter.WriteError(batch.BeginPacket(transfer.Name, transfer), TftpErrorCode.NotDefined, message));
        }

        var most = _cutsByKernel ? SendBatch.BlocksPerDatagram(transfer.Agreement.BlockSize) : 1;
        while (transfer.OwedBlocks > 0)
        {
            var blocks = (int)Math.Min(most, transfer.OwedBlocks);
            if (!batch.HasRoom(blocks))
            {
                return false;
            }

            batch.AddBlocks(transfer, transfer.TakeBlocks(blocks), blocks);
        }

        return true;
    }

    private void Flush(SendBatch batch)
    {
        var next = 0;
        while (next < batch.Count)
        {
            var sent = batch.Send(Descriptor, next);
            if (sent >= 0)
            {
                next += sent;
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.Interrupted:
                    break;
                case Errno.TryAgain:
                    IsFull = true;
                    GiveBack(batch, next);
                    next = batch.Count;
                    break;
                case Errno.InputOutput or Errno.InvalidArgument or Errno.MessageTooLong when batch.IsSegmented(next):
                    // This interface, this kernel, or the way to this client cannot.
                    _cutsByKernel = false;
                    GiveBack(batch, next);
                    next = batch.Count;
                    break;
                case Errno.BadAddress when batch.TransferOf(next) is { } transfer:
                    transfer.FailForChangedFile();
                    _failed.Enqueue(transfer);
                    next++;
                    break;
                default:
                    // The interface is down, or a firewall says no: as if it had been lost on the way.
                    next++;
                    break;
            }
        }

        batch.Clear();
    }

    private void GiveBack(SendBatch batch, int from)
    {
        for (var i = batch.Count - 1; i >= from; i--)
        {
            if (batch.TransferOf(i) is { IsOver: false } transfer)
            {
                transfer.GiveBack(batch.FirstBlockOf(i));
                Enqueue(transfer);
            }
        }
    }

    // With the right to (CAP_NET_ADMIN) beyond what net.core.rmem_max and wmem_max allow; else as far as they do.
    private void SetBuffer(int forced, SocketOptionName usual)
    {
        try
        {
            _socket.SetRawSocketOption(SocketLevel, forced, BitConverter.GetBytes(BufferSize));
        }
        catch (SocketException)
        {
            _socket.SetSocketOption(SocketOptionLevel.Socket, usual, BufferSize);
        }
    }
}
