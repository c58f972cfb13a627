using Mayu.Linux.Sockets;
using Mayu.Primitives;

namespace Mayu.Netboot.Tftp;

/// <summary>
/// The transfers that run, by client, with their limits and deadlines; every look-up is O(1). Used by the listener's thread alone.
/// </summary>
/// <param name="settings">The limits.</param>
/// <param name="ended">Told of each transfer that ended, while its file is still open.</param>
internal sealed class TftpTransfers(TftpSettings settings, Action<TftpTransfer> ended)
{
    private readonly Dictionary<ulong, TftpTransfer> _running = [];
    private readonly Dictionary<Ipv4, LinkedList<TftpTransfer>> _ofClient = [];
    private readonly LinkedList<TftpTransfer> _unanswered = new();

    // Like those of a client, in the order in which they were heard last: the longest silent stands first.
    private readonly LinkedList<TftpTransfer> _answered = new();

    // A transfer has one entry that counts, that of ScheduledFor; an ACK moves only its deadline, and the entry follows when it is due.
    private readonly PriorityQueue<TftpTransfer, long> _deadlines = new();

    private int MostDeadlines => 256 + (2 * _running.Count);

    /// <summary>How many run.</summary>
    public int Count => _running.Count;

    /// <summary>Entries in the table of deadlines; some are of transfers that ended or got another deadline.</summary>
    public int Deadlines => _deadlines.Count;

    /// <summary>The transfer to a client, if there is one.</summary>
    public TftpTransfer? Find(SocketName client) => _running.GetValueOrDefault(KeyOf(client));

    /// <summary>
    /// Whether there is room for one more. Where there is none, the oldest transfer that nobody ever answered gives way, else the longest silent
    /// one, as the longest silent one of an address does where that has its share: requests with made-up senders keep out nobody who is there,
    /// though an ACK 0 can be made up as well. Who acknowledges blocks is never the one.
    /// </summary>
    /// <param name="client">Who asks.</param>
    /// <param name="now">The time stamp of now.</param>
    public bool MakeRoom(Ipv4 client, long now)
    {
        if (_ofClient.TryGetValue(client, out var own) && own.Count >= settings.MaximumTransfersPerClient && !TryEndSilent(own.First, now))
        {
            return false;
        }

        return _running.Count < settings.MaximumTransfers || TryEnd(_unanswered.First) || TryEndSilent(_answered.First, now);
    }

    /// <summary>Takes a transfer that was begun.</summary>
    public void Add(TftpTransfer transfer)
    {
        _running.Add(KeyOf(transfer.Name), transfer);
        if (!_ofClient.TryGetValue(transfer.Client.Address, out var own))
        {
            _ofClient.Add(transfer.Client.Address, own = new LinkedList<TftpTransfer>());
        }

        own.AddLast(transfer.NodeOfClient);
        _unanswered.AddLast(transfer.Node);
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

        if (transfer.IsAnswered && transfer.TakeHeard())
        {
            MoveToEnd(transfer.Node, _answered);
            MoveToEnd(transfer.NodeOfClient, _ofClient[transfer.Client.Address]);
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

            transfer.Unschedule();
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

    private bool TryEndSilent(LinkedListNode<TftpTransfer>? longest, long now) => longest is not null && longest.Value.IsSilent(now) && TryEnd(longest);

    private bool TryEnd(LinkedListNode<TftpTransfer>? node)
    {
        if (node is null)
        {
            return false;
        }

        node.Value.Stop("it was idle, and another client needed the slot");
        End(node.Value);
        return true;
    }

    private static void MoveToEnd(LinkedListNode<TftpTransfer> node, LinkedList<TftpTransfer> list)
    {
        node.List?.Remove(node);
        list.AddLast(node);
    }

    private void Schedule(TftpTransfer transfer)
    {
        if (_deadlines.Count >= MostDeadlines)
        {
            // Who begins anew each time leaves entries behind that are due much later.
            _deadlines.Clear();
            _deadlines.EnqueueRange(_running.Values.Where(one => one != transfer && one.ScheduledFor != long.MaxValue).Select(one => (one, one.ScheduledFor)));
        }

        transfer.Schedule();
        _deadlines.Enqueue(transfer, transfer.Deadline);
    }

    private void End(TftpTransfer transfer)
    {
        if (_running.GetValueOrDefault(KeyOf(transfer.Name)) != transfer)
        {
            return;
        }

        _running.Remove(KeyOf(transfer.Name));
        transfer.Node.List?.Remove(transfer.Node);
        var own = _ofClient[transfer.Client.Address];
        own.Remove(transfer.NodeOfClient);
        if (own.Count == 0)
        {
            _ofClient.Remove(transfer.Client.Address);
        }

        ended(transfer);
        transfer.File.Dispose();
    }
}
