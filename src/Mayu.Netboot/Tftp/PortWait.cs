using System.IO.Pipes;
using System.Runtime.InteropServices;
using Mayu.Linux.Sockets;

namespace Mayu.Netboot.Tftp;

/// <summary>Waits until a port has something, or has room again, or a time has come, or somebody wakes it.</summary>
internal sealed unsafe class PortWait : IDisposable
{
    private readonly TftpPort[] _ports;
    private readonly PollEntry* _entries;
    private readonly AnonymousPipeServerStream _bell = new(PipeDirection.Out);
    private readonly AnonymousPipeClientStream _ear;

    public PortWait(TftpPort[] ports)
    {
        _ports = ports;
        _ear = new AnonymousPipeClientStream(PipeDirection.In, _bell.ClientSafePipeHandle);
        _entries = (PollEntry*)NativeMemory.AllocZeroed((nuint)ports.Length + 1, (nuint)sizeof(PollEntry));
        for (var i = 0; i < ports.Length; i++)
        {
            _entries[i].Descriptor = ports[i].Descriptor;
        }

        _entries[ports.Length] = new PollEntry { Descriptor = (int)_ear.SafePipeHandle.DangerousGetHandle(), Wanted = PollEntry.Readable };
    }

    /// <summary>Waits.</summary>
    /// <param name="time">How long at most; null: until something happens.</param>
    public void For(TimeSpan? time)
    {
        for (var i = 0; i < _ports.Length; i++)
        {
            _entries[i].Wanted = (short)(PollEntry.Readable | (_ports[i].IsFull ? PollEntry.Writable : 0));
            _entries[i].Happened = 0;
        }

        // Up, or it would spin through the last millisecond.
        var milliseconds = time is { } limit ? (int)Math.Clamp(Math.Ceiling(limit.TotalMilliseconds), 0, int.MaxValue) : -1;
        if (SocketCalls.Poll(_entries, (nuint)_ports.Length + 1, milliseconds) < 0)
        {
            // A signal: as if nothing had happened.
            for (var i = 0; i < _ports.Length; i++)
            {
                _entries[i].Happened = 0;
            }

            _entries[_ports.Length].Happened = 0;
        }

        if (_entries[_ports.Length].Happened != 0)
        {
            _ear.ReadByte();
        }
    }

    /// <summary>Whether a port has something to receive, or an error to be told.</summary>
    public bool IsReadable(int port) => (_entries[port].Happened & ~PollEntry.Writable) != 0;

    /// <summary>Whether a port that was full has room.</summary>
    public bool IsWritable(int port) => (_entries[port].Happened & PollEntry.Writable) != 0;

    /// <summary>Ends the waiting, this one or else the next. Safe from any thread.</summary>
    public void Wake() => _bell.WriteByte(0);

    /// <inheritdoc/>
    public void Dispose()
    {
        _bell.Dispose();
        _ear.Dispose();
        NativeMemory.Free(_entries);
    }
}
