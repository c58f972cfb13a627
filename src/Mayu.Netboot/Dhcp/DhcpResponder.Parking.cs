using Mayu.Core.Boot;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Dhcp;

// A DISCOVER whose client would be offered an address that nobody was asked about waits for that; no other packet does.
internal sealed partial class DhcpResponder : IAsyncDisposable
{
    private const int MostParked = 1024;
    private const int MostTries = 16;

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
            waiting.Keep(request.Bytes);
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
            Tries = before is null ? 0 : before.Tries + 1,
        };
        parked.Keep(request.Bytes);
        _parked.Add((client.Scope, client.Mac), parked);
        parked.Asking = AskAsync(parked, client.Scope.Probe);
        return true;
    }

    private async Task AskAsync(ParkedDiscover parked, IAddressProbe probe)
    {
        // The gate is held: what follows must not run under it.
        await Task.Yield();
        AddressUser? user = null;
        try
        {
            // A machine's own answer under its own address is no conflict.
            user = await probe.FindUserAsync(parked.Address, mac => mac != parked.Client && parked.Scope.Occupants.Counts(mac), _stop.Token);
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

    private void Resume(ParkedDiscover parked, AddressUser? user)
    {
        Span<byte> buffer = stackalloc byte[DhcpReply.MaximumLength];
        DhcpReply reply = default;
        lock (_gate)
        {
            _parked.Remove((parked.Scope, parked.Client));
            if (user is not { } found || !IsLeftAlone(parked, found))
            {
                parked.Scope.SetProbed(parked.Client, parked.Address);
            }

            if (parked.Tries < MostTries)
            {
                TryAnswer(parked.Datagram, buffer, parked, out reply);
            }
        }

        if (reply.Length > 0)
        {
            Outlet?.Send(buffer[..reply.Length], reply);
        }
    }

    // Whether the address is not given to anybody for that; else it is given out all the same.
    private bool IsLeftAlone(ParkedDiscover parked, AddressUser user)
    {
        var how = user.Mac is null ? OccupiedHow.Ping : OccupiedHow.Answer;
        if (!parked.Scope.TryHold(parked.Client, parked.Address, how, user.Mac, out var verdict))
        {
            return true;
        }

        TellNews(verdict);
        if (verdict.Counts)
        {
            var words = user.ToString();
            _trace.Mark(parked.Client, HopKind.Failed, new HopDetail(DhcpPhrases.InUse) { Address = parked.Address, Text = words });
            LogOccupied(parked.Address, parked.Client, words);
        }

        return verdict.Counts;
    }

    private void TellNews(in OccupantVerdict verdict)
    {
        if (verdict.News is { } news)
        {
            LogNews(news);
        }
    }
}
