using Mayu.Core.Boot;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Syslog;

namespace Mayu.Netboot.Syslog;

/// <summary>
/// Puts what machines say by syslog into their boot traces. Who a sender is, its address tells: the lease's machine, or whose internal address it is. Anybody else is counted, and
/// nothing of it is read.
/// </summary>
/// <param name="clients">Who has which address.</param>
/// <param name="ownerOf">Whose internal address one is; null: nobody's.</param>
/// <param name="trace">The traces.</param>
/// <param name="perSecond">How many lines a second of one machine are kept.</param>
/// <param name="clock">The time.</param>
internal sealed class SyslogLines(ClientTable clients, Func<Ipv4, Serial?> ownerOf, BootTrace trace, int perSecond, TimeProvider clock)
{
    /// <summary>How many lines a second of all machines are kept.</summary>
    public const int MaxPerSecond = 2000;

    // A kernel says hundreds of lines in its first second.
    private const int BurstSeconds = 10;

    private readonly Pace<Ipv4> _ofOne = new(clock, perSecond * BurstSeconds, TimeSpan.FromSeconds(1) / perSecond);
    private readonly Pace<bool> _ofAll = new(clock, MaxPerSecond, TimeSpan.FromSeconds(1) / MaxPerSecond);

    /// <summary>What became of them.</summary>
    public SyslogCounts Counts { get; } = new();

    /// <summary>Takes one datagram.</summary>
    /// <param name="sender">Where it is from.</param>
    /// <param name="datagram">Its bytes.</param>
    public void Take(Ipv4 sender, ReadOnlySpan<byte> datagram)
    {
        var mac = clients.Find(sender);
        var owner = mac is null ? ownerOf(sender) : null;
        if (mac is null && owner is null)
        {
            Counts.Refuse();
            return;
        }

        // One that says too much takes nothing from the others.
        if (!_ofOne.TryTake(sender) || !_ofAll.TryTake(true))
        {
            Counts.Limit();
            return;
        }

        var message = SyslogMessage.Read(datagram);
        if (message.Text.Length == 0)
        {
            Counts.PassOver();
            return;
        }

        // A kernel prints its command line, which may have a token.
        var line = TokenText.Hide(message.Program is { } program ? $"{message.Severity} {program}: {message.Text}" : $"{message.Severity}: {message.Text}");
        if (mac is { } card)
        {
            trace.Log(card, line);
        }
        else
        {
            trace.Log(owner!.Value, line);
        }

        Counts.Keep();
    }
}
