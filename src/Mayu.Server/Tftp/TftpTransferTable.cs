using Mayu.Core.Addresses;

namespace Mayu.Server.Tftp;

/// <summary>The transfers that run, by client, with their limits. Safe from any thread.</summary>
internal sealed class TftpTransferTable(TftpSettings settings)
{
    private readonly Dictionary<(Ipv4 Address, ushort Port), (TftpTransfer Transfer, Task Task)> _running = [];
    private readonly Dictionary<Ipv4, int> _perClient = [];
    private readonly Lock _gate = new();

    /// <summary>Whether this client may begin a transfer from this port.</summary>
    public TftpAdmission Admit((Ipv4 Address, ushort Port) client)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(client, out var former))
            {
                // ROMs ask from the same port after each reset; a transfer that was under way is then nobody's any more.
                if (former.Transfer.Bytes == 0)
                {
                    return TftpAdmission.Repeated;
                }

                former.Transfer.Stop();
                RemoveEntry(former.Transfer);
            }

            return _running.Count >= settings.MaximumTransfers
                || _perClient.GetValueOrDefault(client.Address) >= settings.MaximumTransfersPerClient
                ? TftpAdmission.TooMany
                : TftpAdmission.Admitted;
        }
    }

    /// <summary>Takes a transfer that was admitted.</summary>
    public void Add(TftpTransfer transfer, Task task)
    {
        lock (_gate)
        {
            _running[transfer.Client] = (transfer, task);
            _perClient[transfer.Client.Address] = _perClient.GetValueOrDefault(transfer.Client.Address) + 1;
        }
    }

    /// <summary>The transfer ended.</summary>
    public void Remove(TftpTransfer transfer)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(transfer.Client, out var entry) && entry.Transfer == transfer)
            {
                RemoveEntry(transfer);
            }
        }
    }

    /// <summary>The tasks of all that run.</summary>
    public Task[] Running()
    {
        lock (_gate)
        {
            return [.. _running.Values.Select(entry => entry.Task)];
        }
    }

    private void RemoveEntry(TftpTransfer transfer)
    {
        _running.Remove(transfer.Client);
        var left = _perClient[transfer.Client.Address] - 1;
        if (left == 0)
        {
            _perClient.Remove(transfer.Client.Address);
        }
        else
        {
            _perClient[transfer.Client.Address] = left;
        }
    }
}
