using Mayu.Primitives;

namespace Mayu.Netboot.ProxyDhcp;

/// <summary>
/// Decides in mode <c>auto</c> whether this server gives addresses: not before the segment was asked for another DHCP server and
/// none answered, never while one answers, and again when it has been silent for long. It counts questions without an
/// answer and no seconds, so that a cable that was out proves nothing. Safe for use from any thread.
/// </summary>
/// <param name="interval">About how often another DHCP server is asked for.</param>
internal sealed class AutoMode(TimeSpan interval)
{
    /// <summary>So many questions go unanswered before this server first gives addresses.</summary>
    public const int FirstQuestions = 3;

    /// <summary>So many go unanswered before it gives addresses in the place of a server that answered once.</summary>
    public const int QuestionsUntilGone = 10;

    // Somebody may make names up; what is not remembered is not told.
    private const int MostOthers = 16;

    private readonly Lock _gate = new();
    private readonly HashSet<Ipv4> _others = [];
    private int _unanswered;
    private volatile bool _givesAddresses;

    /// <summary>About how often another DHCP server is asked for.</summary>
    public TimeSpan Interval => interval;

    /// <summary>Whether this server gives addresses now. Otherwise it is a proxy.</summary>
    public bool GivesAddresses => _givesAddresses;

    /// <summary>The other DHCP servers that answered, as long as one of them does.</summary>
    public IReadOnlyList<Ipv4> Others
    {
        get
        {
            lock (_gate)
            {
                return [.. _others.Order()];
            }
        }
    }

    /// <summary>What an operator should know of it, if anything.</summary>
    /// <param name="nic">The interface.</param>
    public IEnumerable<string> Remarks(string nic) =>
        Others.Select(server => $"dhcp: another DHCP server, {server}, answers on {nic}: Mayu gives no addresses there (dhcp.mode auto)");

    /// <summary>Another DHCP server gave somebody an address, or would have given us one.</summary>
    /// <returns>Whether it is news that there is this one.</returns>
    public bool Heard(Ipv4 server)
    {
        lock (_gate)
        {
            _unanswered = 0;
            _givesAddresses = false;
            return _others.Count < MostOthers && _others.Add(server);
        }
    }

    /// <summary>A question was sent, and nobody answered in time.</summary>
    /// <returns>Whether this server gives addresses from now on and did not before.</returns>
    public bool Unanswered()
    {
        lock (_gate)
        {
            if (_givesAddresses || ++_unanswered < (_others.Count == 0 ? FirstQuestions : QuestionsUntilGone))
            {
                return false;
            }

            _others.Clear();
            _givesAddresses = true;
            return true;
        }
    }

    /// <summary>What is known at this moment.</summary>
    public AutoFinding Find()
    {
        lock (_gate)
        {
            return new AutoFinding(_givesAddresses, [.. _others.Order()]);
        }
    }
}
