using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Protocols.Dhcp;

namespace Mayu.Server.Dhcp;

// A DISCOVER whose client would be offered an address that nobody was asked about waits for that; no other packet does.
internal sealed partial class DhcpResponder : IAsyncDisposable
{
    private const int MostParked = 1024;
    private const int MostTries = 16;
    private const int AnswerRoom = 1472;

    private readonly Dictionary<(DhcpScope Scope, MacAddress Client), ParkedDiscover> _parked = [];
    private readonly CancellationTokenSource _stop = new();
    private int _isDisposed;

    /// <summary>Where answers go that were not ready at once; set before the first packet.</summary>
    public IDhcpOutlet? Outlet { get; set; }

    /// <inheritdoc/>
    /// <remarks>The outlet must outlive this.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        Task[] asking;
        lock (_gate)
        {
            asking = [.. _parked.Values.Select(parked => parked.Asking)];
        }

        await Task.WhenAll(asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    // Whether the answer has to wait. Strangers who come when too many wait already have to ask again; known machines do not.
    private bool MustWait(in DhcpPacket request, in DhcpClient client, Ipv4 address, ParkedDiscover? before)
    {
        if (client.Scope.Probe is null || _isDisposed != 0)
        {
            return false;
        }

        if (_parked.TryGetValue((client.Scope, client.Mac), out var waiting))
        {
            waiting.Datagram = request.Bytes.ToArray();
            return true;
        }

        if (_parked.Count >= MostParked)
        {
            if (!client.Lease.IsKnown)
            {
                StaySilent(client, "too many addresses are being asked for at once: it has to ask again");
            }

            return !client.Lease.IsKnown;
        }

        var parked = new ParkedDiscover
        {
            Scope = client.Scope,
            Client = client.Mac,
            Address = address,
            Datagram = request.Bytes.ToArray(),
            Tries = before is null ? 0 : before.Tries + 1,
        };
        _parked.Add((client.Scope, client.Mac), parked);
        parked.Asking = AskAsync(parked, client.Scope.Probe);
        return true;
    }

    private async Task AskAsync(ParkedDiscover parked, Wire.IAddressProbe probe)
    {
        // The gate is held: what follows must not run under it.
        await Task.Yield();
        string? user = null;
        try
        {
            user = await probe.FindUserAsync(parked.Address, parked.Client, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            // Who asks for an address must not go without one because the question failed.
            LogProbeDefect(exception, parked.Address);
        }

        Resume(parked, user);
    }

    private void Resume(ParkedDiscover parked, string? user)
    {
        var buffer = new byte[AnswerRoom];
        DhcpReply reply = default;
        lock (_gate)
        {
            _parked.Remove((parked.Scope, parked.Client));
            if (user is null)
            {
                parked.Scope.SetProbed(parked.Client, parked.Address);
            }
            else if (parked.Scope.TryHold(parked.Client, parked.Address))
            {
                _trace.Mark(parked.Client, HopKind.Failed, $"{parked.Address} is in use ({user}): it is left alone for {LeasePool.HoldTime.TotalMinutes:0} minutes");
                LogOccupied(parked.Address, parked.Client, user);
            }

            if (parked.Tries < MostTries)
            {
                TryAnswer(parked.Datagram, buffer, parked, out reply);
            }
        }

        if (reply.Length > 0)
        {
            Outlet?.Send(buffer.AsSpan(0, reply.Length), reply);
        }
    }
}
