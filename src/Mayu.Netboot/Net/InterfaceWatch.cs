using System.Net.Sockets;
using Mayu.Linux.Sockets;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Net;

/// <summary>
/// Looks whether an interface is still the one that the sockets are tied to. Where a network manager deletes it and makes it anew, the
/// kernel tells nobody: the sockets would hear nothing any more.
/// </summary>
/// <param name="nic">The interface.</param>
/// <param name="clock">Runs the pauses.</param>
/// <param name="logger">The log.</param>
/// <param name="madeAnew">Told when it is another one, after our own sockets are tied to it.</param>
internal sealed partial class InterfaceWatch(BootInterface nic, TimeProvider clock, ILogger<InterfaceWatch> logger, Action? madeAnew = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _index = InterfaceIndex.Of(nic.Name);

    /// <summary>What an operator should mend; null where there is nothing.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Looks until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Pause, clock);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                Look(InterfaceIndex.Of(nic.Name));
            }
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }

    private void Look(int index)
    {
        if (index == 0)
        {
            if (Trouble is null)
            {
                Trouble = $"the interface {nic.Name} is gone: Mayu does not answer there until it is back";
                LogGone(nic.Name);
            }

            return;
        }

        if (index == _index && Trouble is null)
        {
            return;
        }

        try
        {
            nic.Tied.TieAgain();
            _index = index;
            Trouble = null;
            LogBack(nic.Name);
            madeAnew?.Invoke();
        }
        catch (SocketException e)
        {
            Trouble = $"the interface {nic.Name} was recreated, and the sockets cannot be bound to it ({e.Reason()}): restart mayu";
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The interface {Interface} is gone: Mayu does not answer there until it is back")]
    private partial void LogGone(string @interface);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The interface {Interface} was recreated: it is served again")]
    private partial void LogBack(string @interface);
}
