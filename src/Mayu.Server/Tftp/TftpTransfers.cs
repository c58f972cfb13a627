using Mayu.Core.Addresses;
using Mayu.Server.Tftp.Datagrams;

namespace Mayu.Server.Tftp;

/// <summary>
/// The transfers that run, by client, with their limits and deadlines; every look-up is O(1). Used by the listener's thread alone.
/// </summary>
/// <param name="settings">The limits.</param>
/// <param name="ended">Told of each transfer that ended, while its file is still open.</param>
internal sealed class TftpTransfers(TftpSettings settings, Action<TftpTransfer> ended)
{
    private readonly Dictionary<ulong, TftpTransfer> _running = [];
    private readonly Dictionary<Ipv4, int> _perClient = [];
    private readonly LinkedList<TftpTransfer> _unanswered = new();

    // A transfer has one entry that counts, that of ScheduledFor; an ACK moves only its deadline, and the entry follows when it is due.
    private readonly PriorityQueue<TftpTransfer, long> _deadlines = new();

    /// <summary>How many run.</summary>
    public int Count => _running.Count;

    /// <summary>The transfer to a client, if there is one.</summary>
    public TftpTransfer? Find(SocketName client) => _running.GetValueOrDefault(KeyOf(client));

    /// <summary>
    /// Whether there is room for one more. Where there is none, the oldest transfer that nobody ever answered gives way:
    /// requests with made-up senders keep out nobody who is there.
    /// </summary>
    public bool MakeRoom(Ipv4 client)
    {
        if (_perClient.GetValueOrDefault(client) >= settings.MaximumTransfersPerClient)
        {
            return false;
        }

        if (_running.Count >= settings.MaximumTransfers && _unanswered.First is { } oldest)
        {
            oldest.Value.Stop("it never answered, and others needed the room");
            End(oldest.Value);
        }

        return _running.Count < settings.MaximumTransfers;
    }

    /// <summary>Takes a transfer that was begun.</summary>
    public void Add(TftpTransfer transfer)
    {
        _running.Add(KeyOf(transfer.Name), transfer);
        _perClient[transfer.Client.Address] = _perClient.GetValueOrDefault(transfer.Client.Address) + 1;
        _unanswered.AddLast(transfer.UnansweredNode);
        Update(transfer);
    }

    /// <summary>Something happened to a transfer: it may owe packets, have another deadline, or be over.</summary>
    public void Update(TftpTransfer transfer)
    {
        if (transfer.Owes)
        {
            transfer.Port.Enqueue(transfer);
        }

        if (transfer.IsOver)
        {
            End(transfer);
            return;
        }

        if (transfer.IsAnswered && transfer.UnansweredNode.List is not null)
        {
            _unanswered.Remove(transfer.UnansweredNode);
        }

        if (transfer.Deadline < transfer.ScheduledFor)
        {
            Schedule(transfer);
        }
    }

    /// <summary>Runs the time-outs that are due.</summary>
    /// <param name="now">The time stamp of now.</param>
    /// <returns>The time stamp of the next; null when nothing runs.</returns>
    public long? Expire(long now)
    {
        while (_deadlines.TryPeek(out var transfer, out var due))
        {
            if (due > now && !transfer.IsOver)
            {
                return due;
            }

            _deadlines.Dequeue();
            if (transfer.IsOver || due != transfer.ScheduledFor)
            {
                continue;
            }

            transfer.ScheduledFor = long.MaxValue;
            if (transfer.Deadline <= now)
            {
                transfer.OnTimeout(now);
                Update(transfer);
            }
            else
            {
                Schedule(transfer);
            }
        }

        return null;
    }

    /// <summary>Ends all.</summary>
    public void StopAll(string reason)
    {
        foreach (var transfer in _running.Values.ToArray())
        {
            transfer.Stop(reason);
            End(transfer);
        }

        _deadlines.Clear();
    }

    private static ulong KeyOf(SocketName client) => ((ulong)client.Address.Value << 16) | client.Port;

    private void Schedule(TftpTransfer transfer)
    {
        transfer.ScheduledFor = transfer.Deadline;
        _deadlines.Enqueue(transfer, transfer.Deadline);
    }

    private void End(TftpTransfer transfer)
    {
        if (_running.GetValueOrDefault(KeyOf(transfer.Name)) != transfer)
        {
            return;
        }

        _running.Remove(KeyOf(transfer.Name));
        if (transfer.UnansweredNode.List is not null)
        {
            _unanswered.Remove(transfer.UnansweredNode);
        }

        var left = _perClient[transfer.Client.Address] - 1;
        if (left == 0)
        {
            _perClient.Remove(transfer.Client.Address);
        }
        else
        {
            _perClient[transfer.Client.Address] = left;
        }

        ended(transfer);
        transfer.File.Dispose();
    }
}
