using System.Net;
using Mayu.Core.Boot;
using Mayu.Netboot.Files;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Netboot.Tftp;
using Mayu.Primitives;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>The TFTP server on the loopback interface, with a folder of its own; disposing stops it.</summary>
internal sealed class LoopbackTftp : IAsyncDisposable
{
    private const int LoopbackMtu = 65536;

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-tftp-").FullName;
    private readonly List<string> _otherFolders = [];
    private readonly TftpListener _listener;
    private readonly Task _running;

    public LoopbackTftp(TftpSettings? settings = null, int mtu = LoopbackMtu, IFileSource? rendered = null, BootTrace? trace = null)
    {
        Files = new ServedFiles([.. rendered is null ? Array.Empty<IFileSource>() : [rendered], new FolderSource(_folder)]);
        var nic = new BootInterface("lo", new Ipv4(0x7F000001), mtu);
        for (var client = 1; client <= byte.MaxValue; client++)
        {
            Clients.Lease(new Ipv4(0x7F000000 + (uint)client), MacAddress.FromOctets([2, 0, 0, 0, 0, (byte)client]), time: null);
        }

        var marks = new TftpMarks(trace ?? new BootTrace(TimeProvider.System), Clients);
        var opened = TftpListener.TryOpen(
            nic, new TftpParts(Files, (settings ?? new TftpSettings()) with { Port = 0 }, marks, TimeProvider.System), NullLogger<TftpListener>.Instance, out var listener, out var problem);
        Assert.True(opened, problem);
        _listener = listener!;
        _running = _listener.RunAsync(_drain.Token, _stop.Token);
    }

    public ServedFiles Files { get; }

    /// <summary>Each client of the loopback network, by the last octet of its address.</summary>
    public ClientTable Clients { get; } = new(new FakeCluster(), TimeProvider.System);

    /// <summary>Where requests go.</summary>
    public IPEndPoint EndPoint => new(IPAddress.Loopback, _listener.RequestPort);

    /// <summary>Transfers that run.</summary>
    public int Transfers => _listener.Transfers;

    /// <summary>The path of a served file.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Puts a file there whose content is made of its size.</summary>
    public byte[] Put(string name, int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        File.WriteAllBytes(PathOf(name), content);
        return content;
    }

    /// <summary>Has a folder beside the root removed as well.</summary>
    public void RemoveAtEnd(string folder) => _otherFolders.Add(folder);

    /// <summary>Has it take no more requests.</summary>
    public Task DrainAsync() => _drain.CancelAsync();

    /// <summary>Waits until it has ended by itself.</summary>
    public Task EndsAsync() => _running.WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Whether its thread has moved since this was asked last.</summary>
    public bool IsTurning() => _listener.IsTurning();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _listener.Dispose();
        _stop.Dispose();
        _drain.Dispose();
        foreach (var folder in _otherFolders.Append(_folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
