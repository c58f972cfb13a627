using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Mayu.Interop.Tests.Beside;

/// <summary>
/// One network segment with three hosts, each a namespace: `mayu` 10.77.0.1, which has the bridge br0, `other` 10.77.0.2, where
/// another DHCP server lives, and `client`, which has no address. The last two call their interface eth0.
/// </summary>
internal sealed partial class Segment : IAsyncDisposable
{
    private const int CloneNewNet = 0x40000000;
    private const int SolSocket = 1;
    private const int SoBindToDevice = 25;
    private static int _count;

    private Segment(string name) => (Mayu, Other, Client) = (name + "-m", name + "-o", name + "-c");

    public string Mayu { get; }

    public string Other { get; }

    public string Client { get; }

    public static async Task<Segment> BuildAsync()
    {
        var segment = new Segment(string.Create(CultureInfo.InvariantCulture, $"mayu-sg-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}"));
        foreach (var name in new[] { segment.Mayu, segment.Other, segment.Client })
        {
            await ProgramRun.OrFailAsync("ip", "netns", "add", name);
            await ProgramRun.OrFailAsync("ip", "-n", name, "link", "set", "lo", "up");
        }

        await ProgramRun.OrFailAsync("ip", "-n", segment.Mayu, "link", "add", "br0", "type", "bridge");
        await ProgramRun.OrFailAsync("ip", "-n", segment.Mayu, "address", "add", "10.77.0.1/24", "dev", "br0");
        foreach (var (port, host) in new[] { ("po", segment.Other), ("pc", segment.Client) })
        {
            await ProgramRun.OrFailAsync("ip", "link", "add", port, "netns", segment.Mayu, "type", "veth", "peer", "name", "eth0", "netns", host);
            await ProgramRun.OrFailAsync("ip", "-n", segment.Mayu, "link", "set", port, "master", "br0", "up");
            await ProgramRun.OrFailAsync("ip", "-n", host, "link", "set", "eth0", "up");
        }

        await ProgramRun.OrFailAsync("ip", "-n", segment.Mayu, "link", "set", "br0", "up");
        await ProgramRun.OrFailAsync("ip", "-n", segment.Other, "address", "add", "10.77.0.2/24", "dev", "eth0");
        return segment;
    }

    /// <summary>Runs a program on the client's host, which must succeed.</summary>
    public Task<string> ClientAsync(params string[] command) => ProgramRun.OrFailAsync("ip", ["netns", "exec", Client, .. command]);

    /// <summary>A UDP socket on the client's eth0.</summary>
    public Socket OpenClientSocket(int port)
    {
        Socket? socket = null;
        Exception? failure = null;
        // A thread that joins a namespace stays in it; a socket belongs to the namespace that it was made in.
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle("/run/netns/" + Client);
                if (SetNs(handle, CloneNewNet) != 0)
                {
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                }

                socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
                socket.SetRawSocketOption(SolSocket, SoBindToDevice, Encoding.ASCII.GetBytes("eth0\0"));
                socket.Bind(new IPEndPoint(IPAddress.Any, port));
            }
            catch (Exception e) when (e is IOException or SocketException or Win32Exception)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? socket! : throw new InvalidOperationException($"no socket in {Client}", failure);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var name in new[] { Mayu, Other, Client })
        {
            await ProgramRun.ToEndAsync("ip", "netns", "del", name);
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNs(SafeHandle handle, int kind);
}
