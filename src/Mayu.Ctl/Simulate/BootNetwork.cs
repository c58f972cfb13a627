using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mayu.Ctl.Simulate;

/// <summary>
/// The interface that a simulated machine boots from. Its sockets are tied to it, and while the machine has an address the interface
/// has it too: as one that is no program's first choice, and that the kernel takes away by itself should this program be killed.
/// </summary>
/// <param name="name">The interface.</param>
internal sealed class BootNetwork(string name) : IAsyncDisposable
{
    private const int SocketLevel = 1;
    private const int BindToDevice = 25;
    private const int SecondsAtMost = 3600;

    private string? _added;

    /// <summary>The address that the machine has by now; 0.0.0.0 before.</summary>
    public IPAddress Address { get; private set; } = IPAddress.Any;

    /// <summary>Opens a UDP socket.</summary>
    /// <param name="address">Where it is bound to.</param>
    /// <param name="port">Its port; 0: any.</param>
    /// <exception cref="SimulationFailure">It cannot be had.</exception>
    public Socket OpenUdp(IPAddress address, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            Tie(socket);
            socket.EnableBroadcast = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.ReceiveBufferSize = 1 << 20;
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Explain(e, port);
        }
    }

    /// <summary>Opens a connection, from the machine's address.</summary>
    public async Task<Socket> ConnectAsync(EndPoint server, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Tie(socket);
            socket.Bind(new IPEndPoint(Address, 0));
            await socket.ConnectAsync(server, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The machine takes its lease.</summary>
    /// <param name="address">The address.</param>
    /// <param name="prefixLength">Its subnet's.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SimulationFailure">The interface cannot have it.</exception>
    public async Task TakeAsync(IPAddress address, int prefixLength, CancellationToken cancellation)
    {
        if (address.Equals(Address))
        {
            return;
        }

        await GiveBackAsync();
        var text = string.Create(CultureInfo.InvariantCulture, $"{address}/{prefixLength}");
        var lifetime = SecondsAtMost.ToString(CultureInfo.InvariantCulture);
        var (ended, said) = await IpAsync(["address", "add", text, "dev", name, "valid_lft", lifetime, "preferred_lft", "0"], cancellation);
        // It is there already where a simulation runs beside the server or a former one.
        if (ended != 0 && !said.Contains("exists", StringComparison.Ordinal) && !said.Contains("already assigned", StringComparison.Ordinal))
        {
            throw new SimulationFailure("ack", $"the interface {name} cannot have the address {text}: {said.Trim()}", "run it as root; it needs the program ip (package iproute2)");
        }

        _added = ended == 0 ? text : null;
        Address = address;
        // The server may have the address's former owner in its ARP cache. Asked anew for, it hears whose the address is now.
        await IpAsync(["neighbour", "flush", "dev", name], cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await GiveBackAsync();

    private async Task GiveBackAsync()
    {
        Address = IPAddress.Any;
        if (_added is { } text)
        {
            _added = null;
            // Not to be interrupted: nothing must stay behind.
            await IpAsync(["address", "del", text, "dev", name], CancellationToken.None);
        }
    }

    private void Tie(Socket socket) => socket.SetRawSocketOption(SocketLevel, BindToDevice, Encoding.ASCII.GetBytes(name + '\0'));

    private SimulationFailure Explain(SocketException e, int port) => e.SocketErrorCode switch
    {
        SocketError.AccessDenied => new SimulationFailure("discover", $"port {port}/udp on {name} is not permitted", "run it as root: a machine speaks DHCP from port 68"),
        SocketError.AddressAlreadyInUse => new SimulationFailure(
            "discover", $"another program has port {port}/udp on {name}", $"a DHCP client runs there, find it with: ss -lunp sport = :{port}; or simulate on another interface"),
        _ => new SimulationFailure("discover", $"the interface {name} cannot be used: {e.Message}", "name one that is there and up: ip link"),
    };

    private static async Task<(int Ended, string Said)> IpAsync(string[] words, CancellationToken cancellation)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", ["-4", .. words]) { UseShellExecute = false, RedirectStandardError = true })!;
            var said = ip.StandardError.ReadToEndAsync(cancellation);
            await ip.WaitForExitAsync(cancellation);
            return (ip.ExitCode, await said);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }
}
