using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Mayu.Server.BootHttp;

/// <summary>
/// Gives each address its share of the connections, so that one machine gone mad shuts nobody out: a connection beyond it is closed unheard.
/// </summary>
internal sealed partial class ConnectionShares(int most, TimeProvider clock, ILogger<ConnectionShares> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _open = [];
    private readonly LimitedLog _log = new(logger, clock, LimitedLog.RareLines);

    /// <summary>Runs a connection, or closes it.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var client = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!TryTake(client))
        {
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            GiveBack(client);
        }
    }

    private bool TryTake(IPAddress client)
    {
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(client);
            if (open < most)
            {
                _open[client] = open + 1;
                return true;
            }

            LogTooMany(_log, client, most);
            return false;
        }
    }

    private void GiveBack(IPAddress client)
    {
        lock (_gate)
        {
            var open = _open[client] - 1;
            if (open == 0)
            {
                _open.Remove(client);
            }
            else
            {
                _open[client] = open;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Client} has {Count} connections to the boot listener, and gets no more: boot.max_connections_per_client")]
    private static partial void LogTooMany(ILogger log, IPAddress client, int count);
}
