using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.Report;

namespace Mayu.Ctl.Commands.Doctor;

/// <summary>What this host tells of a server that should run on it and does not answer: who has its ports.</summary>
/// <param name="options">How the server is reached.</param>
/// <param name="root">The folder that has <c>proc</c>.</param>
internal sealed class HostFindings(MayuClientOptions options, string root)
{
    private const string Id = "host";
    private const string Ours = "mayu";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // The defaults: what is configured is not known here.
    private static readonly (string Protocol, int Port)[] Usual = [("tcp", 4081), ("udp", 67), ("udp", 69), ("udp", 4011)];

    /// <summary>Looks, if the server's address is this host's.</summary>
    public async Task<IReadOnlyList<DoctorFinding>> LookAsync(CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(Patience);
        try
        {
            return options.TryGetUrl(out var url) && await IsHereAsync(url, end.Token)
                ? await Task.Run(() => Look(url.Port, end.Token), end.Token)
                : [];
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [new DoctorFinding { Id = Id, Status = DoctorFinding.Unknown, What = $"to find out who has the ports took longer than {Patience.TotalSeconds:0} s" }];
        }
    }

    private List<DoctorFinding> Look(int port, CancellationToken cancellation)
    {
        var holders = ListeningPorts.Of(root, [("tcp", port), .. Usual], cancellation);
        var api = holders.FirstOrDefault(holder => holder.Protocol == "tcp" && holder.Port == port);
        return
        [
            ApiPort(port, api),
            // Those of a mayu that runs are its own.
            .. from holder in holders
               where holder != api && holder.Program is not Ours
               select Found(DoctorFinding.Warning, $"port {holder.Port}/{holder.Protocol} is taken by {holder.Who}", "If mayu needs this port, it cannot start: stop that program, or change mayu's configuration."),
        ];
    }

    private static DoctorFinding ApiPort(int port, PortHolder? holder) => holder switch
    {
        null => Found(DoctorFinding.Error, $"nothing listens on port {port}/tcp of this host: mayu does not run, or its API has another port",
            "Start mayu, or read its log; mayu config check tells what keeps it from starting. Another port: --server."),
        { Program: Ours } => Found(DoctorFinding.Error, $"mayu (process {holder.Process}) has port {port}/tcp, and does not answer as it should", "Read its log."),
        _ => Found(DoctorFinding.Error, $"port {port}/tcp is taken by {holder.Who}", "If that is not mayu: stop it, or set api.port, and start mayu."),
    };

    private static DoctorFinding Found(string status, string what, string remedy) => new() { Id = Id, Status = status, What = what, Remedy = remedy };

    private static async Task<bool> IsHereAsync(Uri url, CancellationToken cancellation)
    {
        if (url.IsLoopback)
        {
            return true;
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(url.DnsSafeHost, cancellation);
            var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(nic => nic.GetIPProperties().UnicastAddresses).Select(one => one.Address).ToHashSet();
            return addresses.Any(address => IPAddress.IsLoopback(address) || own.Contains(address));
        }
        catch (Exception e) when (e is SocketException or NetworkInformationException)
        {
            // A name that nobody knows is no address of this host.
            return false;
        }
    }
}
