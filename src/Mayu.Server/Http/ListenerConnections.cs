using System.Net;
using Mayu.Netboot.Net;
using Microsoft.AspNetCore.Connections;

namespace Mayu.Server.Http;

/// <summary>
/// The connections of a listener. Whoever holds them shuts nobody out: where all are taken, or an address has its share, the one that is worth least
/// gives way to the new one (ADR 26); a connection that asks for nothing within 15 seconds is closed.
/// </summary>
internal sealed partial class ListenerConnections : IDisposable
{
    /// <summary>From accepting a connection to the end of its first request's head, TLS and all.</summary>
    internal static readonly TimeSpan TimeToAsk = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // After so many at once, and so long after they have gone, the memory that they took is given back to the system.
    private const int Many = 512;
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly List<ClientConnection> _open = [];
    private readonly Dictionary<IPAddress, ConnectionClient> _clients = [];
    private readonly ConnectionLimits _limits;
    private readonly Func<IPAddress, bool> _isKnown;
    private readonly TimeProvider _clock;
    private readonly LimitedLog _log;
    private readonly ITimer _timer;
    private bool _hadMany;
    private long _lastMany;

    /// <param name="limits">How many.</param>
    /// <param name="isKnown">Whether a machine on record has an address.</param>
    /// <param name="clock">The time.</param>
    /// <param name="loggers">Where to say who gave way.</param>
    public ListenerConnections(ConnectionLimits limits, Func<IPAddress, bool> isKnown, TimeProvider clock, ILoggerFactory loggers)
    {
        (_limits, _isKnown, _clock) = (limits, isKnown, clock);
        _log = new LimitedLog(loggers.CreateLogger<ListenerConnections>(), clock, LimitedLog.RareLines);
        _timer = clock.CreateTimer(static table => ((ListenerConnections)table!).Look(), this, Pause, Pause);
    }

    /// <summary>How many sockets there are at most: a few more than connections, for those that came just now or are being closed.</summary>
    public int MostSockets => _limits.All + Math.Max(1, _limits.All / 8);

    /// <summary>How many are being answered.</summary>
    public int Answering
    {
        get
        {
            lock (_gate)
            {
                return _open.Count(static one => one.Standing is ConnectionStanding.Busy or ConnectionStanding.KnownBusy);
            }
        }
    }

    /// <summary>Runs a connection until it ends, or closes it at once.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!TryAdd(connection, address, out var added))
        {
            connection.Abort(new ConnectionAbortedException("No connection is left for this client."));
            return;
        }

        connection.Features.Set(added);
        try
        {
            await next(connection);
        }
        finally
        {
            lock (_gate)
            {
                Remove(added);
            }
        }
    }

    /// <summary>Closes no more connections.</summary>
    public void Dispose() => _timer.Dispose();

    private bool TryAdd(ConnectionContext connection, IPAddress address, out ClientConnection added)
    {
        var isKnown = _isKnown(address);
        var isOwn = false;
        ClientConnection? victim = null;
        lock (_gate)
        {
            var client = _clients.GetValueOrDefault(address) ?? new ConnectionClient(address);
            added = new ClientConnection(connection, client, isKnown, _clock);
            var hasShare = client.Connections >= _limits.OfOneClient;
            if (hasShare || _open.Count >= _limits.All)
            {
                isOwn = hasShare;
                victim = hasShare ? WorstOf(client) : WorstFor(client, isKnown);
                if (victim is null)
                {
                    LogRefused(_log, address, client.Connections, _limits.Listener, _limits.Key);
                    return false;
                }

                Remove(victim);
            }

            added.Index = _open.Count;
            _open.Add(added);
            client.Connections++;
            _clients[address] = client;
        }

        if (victim is not null)
        {
            if (isOwn)
            {
                LogShareUsed(_log, address, victim.Client.Connections, _limits.Listener, _limits.Key);
            }
            else
            {
                LogGaveWay(_log, _limits.All, _limits.Listener, victim.Client.Address, victim.Client.Connections, address);
            }

            victim.Close("Another connection took its place.");
        }

        return true;
    }

    // Of its own, whatever is not being answered.
    private ClientConnection? WorstOf(ConnectionClient client) =>
        Worst(_open.Where(one => one.Client == client)) is { Standing: not (ConnectionStanding.Busy or ConnectionStanding.KnownBusy) } worst ? worst.Connection : null;

    // What is being answered gives way to a known machine, and to a client that has fewer connections also afterwards.
    private ClientConnection? WorstFor(ConnectionClient client, bool isKnown)
    {
        if (Worst(_open) is not { } worst)
        {
            return null;
        }

        var hasFewer = worst.Connection.Client.Connections > client.Connections + 1;
        var gives = worst.Standing switch
        {
            ConnectionStanding.Silent or ConnectionStanding.Idle or ConnectionStanding.KnownIdle => true,
            ConnectionStanding.Busy => isKnown || hasFewer,
            _ => isKnown && hasFewer,
        };
        return gives ? worst.Connection : null;
    }

    // Of what is worth least one of whoever has most, and of these the oldest.
    private static (ClientConnection Connection, ConnectionStanding Standing)? Worst(IEnumerable<ClientConnection> connections)
    {
        (ClientConnection Connection, ConnectionStanding Standing)? worst = null;
        var worstKey = (Standing: ConnectionStanding.KnownBusy, Connections: int.MinValue, Since: long.MaxValue);
        foreach (var one in connections)
        {
            var standing = one.Standing;
            var key = (standing, -one.Client.Connections, one.Since);
            if (worst is null || key.CompareTo(worstKey) < 0)
            {
                (worst, worstKey) = ((one, standing), key);
            }
        }

        return worst;
    }

    private void Remove(ClientConnection connection)
    {
        if (connection.Index < 0)
        {
            return;
        }

        var last = _open[^1];
        _open[connection.Index] = last;
        last.Index = connection.Index;
        _open.RemoveAt(_open.Count - 1);
        connection.Index = -1;
        if (--connection.Client.Connections == 0)
        {
            _clients.Remove(connection.Client.Address);
        }
    }

    private void Look()
    {
        CloseSilent();
        if (_hadMany && _clock.GetElapsedTime(_lastMany) >= Calm)
        {
            // Nothing is allocated any more, so that the collector would not look by itself.
            _hadMany = false;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private void CloseSilent()
    {
        List<ClientConnection>? late = null;
        lock (_gate)
        {
            foreach (var one in _open)
            {
                if (one.Standing is ConnectionStanding.Silent or ConnectionStanding.KnownSilent && _clock.GetElapsedTime(one.Since) >= TimeToAsk)
                {
                    (late ??= []).Add(one);
                }
            }

            late?.ForEach(Remove);
            if (_open.Count >= Many / 2 && (_hadMany || _open.Count >= Many))
            {
                (_hadMany, _lastMany) = (true, _clock.GetTimestamp());
            }
        }

        late?.ForEach(static one => one.Close("It sent no request."));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Client} already has {Count} busy connections to the {Listener} listener; further ones are refused: {Key}")]
    private static partial void LogRefused(ILogger log, IPAddress client, int count, string listener, string key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Client} already has {Count} connections to the {Listener} listener ({Key}): an idle one was closed for its new one")]
    private static partial void LogShareUsed(ILogger log, IPAddress client, int count, string listener, string key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "All {Most} connections to the {Listener} listener are in use: one of {Client}, which has {Count} others, was closed for {Newcomer}")]
    private static partial void LogGaveWay(ILogger log, int most, string listener, IPAddress client, int count, IPAddress newcomer);
}

/// <summary>How many connections a listener has.</summary>
/// <param name="Listener">Which, as the log calls it.</param>
/// <param name="Key">The key of the configuration that gives one client's share.</param>
/// <param name="All">All together.</param>
/// <param name="OfOneClient">Of one address.</param>
internal sealed record ConnectionLimits(string Listener, string Key, int All, int OfOneClient);
