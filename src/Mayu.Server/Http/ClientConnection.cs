using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Mayu.Server.Http;

/// <summary>One TCP connection to a listener, and how much would be lost with it.</summary>
/// <param name="connection">The connection.</param>
/// <param name="client">Whose it is.</param>
/// <param name="isKnown">Whether a machine on record has the address.</param>
/// <param name="clock">The time.</param>
internal sealed class ClientConnection(ConnectionContext connection, ConnectionClient client, bool isKnown, TimeProvider clock)
{
    private long _since = clock.GetTimestamp();
    private volatile bool _hasAsked;
    private volatile bool _isKnown = isKnown;
    private int _requests;

    /// <summary>Whose it is.</summary>
    public ConnectionClient Client => client;

    /// <summary>Where it stands in the table; the table's own.</summary>
    public int Index { get; set; } = -1;

    /// <summary>What it is doing.</summary>
    public ConnectionStanding Standing => (Volatile.Read(ref _requests), _hasAsked, _isKnown) switch
    {
        ( > 0, _, true) => ConnectionStanding.KnownBusy,
        ( > 0, _, false) => ConnectionStanding.Busy,
        (_, true, true) => ConnectionStanding.KnownIdle,
        (_, true, false) => ConnectionStanding.Idle,
        (_, false, true) => ConnectionStanding.KnownSilent,
        (_, false, false) => ConnectionStanding.Silent,
    };

    /// <summary>When it began, or last began or ended to be answered: a time stamp of the clock.</summary>
    public long Since => Volatile.Read(ref _since);

    /// <summary>The connection that a request came by.</summary>
    public static ClientConnection Of(HttpContext context) => context.Features.GetRequiredFeature<ClientConnection>();

    /// <summary>The head of a request has come whole.</summary>
    public void Asked()
    {
        _hasAsked = true;
        Volatile.Write(ref _since, clock.GetTimestamp());
    }

    /// <summary>Answers a request, during which the connection is worth more than an idle one.</summary>
    /// <param name="next">Answers it.</param>
    /// <param name="isOperator">Whether it came with the token: the connection is an operator's from now on.</param>
    public async Task AnswerAsync(Func<Task> next, bool isOperator = false)
    {
        _isKnown |= isOperator;
        _hasAsked = true;
        Interlocked.Increment(ref _requests);
        try
        {
            await next();
        }
        finally
        {
            Volatile.Write(ref _since, clock.GetTimestamp());
            Interlocked.Decrement(ref _requests);
        }
    }

    /// <summary>Closes it, whatever it is doing.</summary>
    /// <param name="why">For whoever debugs.</param>
    public void Close(string why) => connection.Abort(new ConnectionAbortedException(why));
}

/// <summary>A client: an address, and how many connections it has.</summary>
/// <param name="address">The address.</param>
internal sealed class ConnectionClient(IPAddress address)
{
    public IPAddress Address => address;

    /// <summary>How many connections it has; the table's own.</summary>
    public int Connections { get; set; }
}

/// <summary>What a connection is doing, from what is lost least to what is lost most when it is closed.</summary>
internal enum ConnectionStanding
{
    /// <summary>It never asked for anything.</summary>
    Silent,

    /// <summary>It waits for its next request, which HTTP has a client expect to fail (RFC 9112 §9.5).</summary>
    Idle,

    /// <summary>The same, of a known machine or an operator.</summary>
    KnownIdle,

    /// <summary>A stranger is being answered.</summary>
    Busy,

    /// <summary>A known machine has just connected.</summary>
    KnownSilent,

    /// <summary>A known machine or an operator is being answered.</summary>
    KnownBusy,
}
