using Mayu.Netboot.Engines;
using Mayu.Primitives;
using Mayu.Server.Http;
using Mayu.Server.Service;

namespace Mayu.Server;

/// <summary>
/// How the server stops: nothing new is answered, neither DHCP nor TFTP nor HTTP, and the downloads that run go on to their end, or to a limit.
/// </summary>
/// <param name="engine">DHCP and TFTP.</param>
/// <param name="boot">The listener of machines.</param>
/// <param name="api">The listener of operators, whose requests are short.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Where it is told what is waited for.</param>
internal sealed partial class Drain(IBootEngine engine, WebApplication boot, WebApplication api, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ApiPatience = TimeSpan.FromSeconds(3);

    private int Downloads => engine.Transfers + boot.Services.GetRequiredService<ListenerConnections>().Answering;

    /// <summary>Stops.</summary>
    /// <param name="limit">How long downloads may go on.</param>
    /// <param name="manager">Who is told what is waited for.</param>
    /// <param name="atOnce">Ends the downloads before the limit.</param>
    public async Task RunAsync(TimeSpan limit, ServiceManager manager, CancellationToken atOnce)
    {
        using var patience = new CancellationTokenSource(limit, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, atOnce);
        var told = Downloads;
        var running = Running(told);
        manager.Stopping(told == 0 ? "Stopping" : $"Stopping: {running}");
        if (told > 0)
        {
            LogWaiting(log, running, limit.TotalSeconds);
        }

        var last = told;
        await using var atEnd = end.Token.UnsafeRegister(_ => last = Downloads, null);
        var stopped = Task.WhenAll(engine.DrainAsync(end.Token), boot.StopAsync(end.Token), StopApiAsync(end.Token));
        while (await Task.WhenAny(stopped, Task.Delay(Glance, clock, CancellationToken.None)) != stopped)
        {
            if (!end.IsCancellationRequested && Downloads is var now && now != told)
            {
                told = now;
                running = Running(told);
                manager.Status($"Stopping: {running}");
                LogRunning(log, running);
            }
        }

        await stopped;
        if (last > 0 && end.IsCancellationRequested)
        {
            var ended = Counted.Of(last, "download");
            LogEnded(log, ended, atOnce.IsCancellationRequested ? "a second signal came" : "drain_timeout is over");
        }
    }

    private static string Running(int downloads) => $"{Counted.Of(downloads, "download")} still {(downloads == 1 ? "runs" : "run")}";

    private async Task StopApiAsync(CancellationToken atOnce)
    {
        using var patience = new CancellationTokenSource(ApiPatience, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, atOnce);
        await api.StopAsync(end.Token);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: {Running}, for {Seconds} s at most (drain_timeout). A second signal ends them at once")]
    private static partial void LogWaiting(ILogger log, string running, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: {Running}")]
    private static partial void LogRunning(ILogger log, string running);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Downloads} did not finish: {Why}")]
    private static partial void LogEnded(ILogger log, string downloads, string why);
}
