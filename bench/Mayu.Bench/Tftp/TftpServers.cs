using System.Net;
using System.Net.Sockets;
using Mayu.Bench.Network;
using Mayu.Lab;
using Mayu.Lab.Rack;
using Mayu.Protocols.Tftp;

namespace Mayu.Bench.Tftp;

/// <summary>Starts each server with the folder of files, and returns when it answers.</summary>
internal static class TftpServers
{
    private const string Dnsmasq = "/usr/sbin/dnsmasq";
    private const string TftpdHpa = "/usr/sbin/in.tftpd";

    /// <summary>Programs and the argument for their version.</summary>
    public static IReadOnlyList<(string Program, string Argument)> Versions { get; } = [(Dnsmasq, "--version"), (TftpdHpa, "--version"), (Atftpd, "--version")];

    // Debian's package conflicts with tftpd-hpa, so lab/setup peers unpacks it without installing it.
    private static string Atftpd => Path.Combine(BenchRun.Clone, "artifacts", "peers", "atftpd", "usr", "sbin", "atftpd");

    public static Task<RackProcess> StartMayuAsync(BenchContext context, string root, CancellationToken cancellation) => BenchMayu.StartAsync(
        context,
        context.Folder,
        $$"""
        tftp_root: {{root}}
        defaults: {image: none}
        """,
        cancellation);

    public static Task<RackProcess> StartDnsmasqAsync(BenchContext context, string root, CancellationToken cancellation) =>
        StartAsync(
            context,
            Dnsmasq,
            [
                "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--group=root", "--log-facility=-", "--pid-file=", "--port=0",
                $"--interface={BenchNetwork.Nic}", "--bind-interfaces", "--enable-tftp", $"--tftp-root={root}",
                // 50 without it.
                "--tftp-max=1000",
            ],
            cancellation);

    public static Task<RackProcess> StartTftpdHpaAsync(BenchContext context, string root, CancellationToken cancellation) =>
        StartAsync(context, TftpdHpa, ["--foreground", "--listen", "--address", $"{BenchNetwork.ServerAddress}:69", "--user", "root", "--secure", root], cancellation);

    public static Task<RackProcess> StartAtftpdAsync(BenchContext context, string root, CancellationToken cancellation) =>
        StartAsync(
            context,
            Atftpd,
            ["--daemon", "--no-fork", "--logfile", "-", "--bind-address", $"{BenchNetwork.ServerAddress}", "--port", "69", "--maxthread", "1000", "--user", "root.root", root],
            cancellation);

    // These do not say when they are ready, so they are asked until they answer.
    private static async Task<RackProcess> StartAsync(BenchContext context, string program, string[] arguments, CancellationToken cancellation)
    {
        var log = Path.Combine(context.Folder, Path.GetFileName(program) + ".log");
        await File.WriteAllTextAsync(log, "", cancellation);
        var process = await context.Network.StartServerAsync(log, "", program, arguments, cancellation);
        using var socket = await context.Network.CreateClientSocketAsync(SocketType.Dgram, ProtocolType.Udp);
        var request = new byte[TftpPacket.MaximumRequestSize];
        var length = TftpPacketWriter.WriteReadRequest(request, "nothing", default);
        for (var attempt = 0; attempt < 100 && !process.HasExited; attempt++)
        {
            await socket.SendToAsync(request.AsMemory(0, length), SocketFlags.None, new IPEndPoint(BenchNetwork.ServerAddress, 69), cancellation);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(200);
            try
            {
                await socket.ReceiveFromAsync(new byte[TftpPacket.MaximumRequestSize], SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), patience.Token);
                return process;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
            }
        }

        throw new LabException($"{process.Name} does not answer:\n{process.Tail(30)}");
    }
}
