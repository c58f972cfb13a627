using Mayu.Linux.Processes;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// Keeps one dnsmasq running, and never two: it starts the next one when the last has ended, at once the first time and ever later
/// when it keeps ending. Ends when its token says so, and takes dnsmasq with it.
/// </summary>
/// <param name="program">The program.</param>
/// <param name="folder">Where its files are.</param>
/// <param name="configuration">The file that it runs with, until <see cref="Use"/> says another.</param>
/// <param name="log">Is told what it says.</param>
/// <param name="clock">Runs the pauses.</param>
/// <param name="logger">The log.</param>
internal sealed partial class DnsmasqSupervisor(
    DnsmasqProgram program, DnsmasqFolder folder, string configuration, DnsmasqLog log, TimeProvider clock, ILogger<DnsmasqSupervisor> logger)
{
    private const string Starting = "dnsmasq is starting";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // One that ran so long did not end because of how it was started.
    private static readonly TimeSpan LongRun = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Orphan _memory = new(folder);
    private string _configuration = configuration;
    private CancellationTokenSource? _run;
    private DnsmasqChild? _child;
    private bool _answers;
    private bool _reloadWhenItAnswers;
    private string? _trouble = Starting;
    private string? _unreadable;

    /// <summary>Why machines are not answered; null while they are.</summary>
    public string? Trouble
    {
        get
        {
            lock (_gate)
            {
                return _trouble ?? _unreadable;
            }
        }
    }

    /// <summary>Has dnsmasq read its hosts file again. One that is not up yet does it as soon as it is: before, the signal would end it.</summary>
    public void Reload()
    {
        lock (_gate)
        {
            if (_answers)
            {
                _child?.Signal(ProcessHandle.Hangup);
            }
            else
            {
                _reloadWhenItAnswers = true;
            }
        }
    }

    /// <summary>Ends a dnsmasq that somebody stopped (SIGSTOP): it holds its ports and answers nobody. The next one starts at once.</summary>
    public void EndIfStopped()
    {
        lock (_gate)
        {
            if (_child is { } child && Orphan.IsStopped(child.Id))
            {
                LogStopped(child.Id);
                child.Signal(ProcessHandle.Kill);
            }
        }
    }

    /// <summary>Has dnsmasq run with another configuration: the one that runs is ended, and the next one starts at once.</summary>
    public void Use(string file)
    {
        lock (_gate)
        {
            (_configuration, _trouble) = (file, Starting);
            _run?.Cancel();
        }
    }

    /// <summary>Starts dnsmasq, again and again, until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var thread = new ChildThread("dnsmasq");
        var pause = FirstPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            var started = clock.GetTimestamp();
            var end = await RunOnceAsync(thread, cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            if (end is null)
            {
                pause = FirstPause;
                continue;
            }

            pause = clock.GetElapsedTime(started) > LongRun ? FirstPause : pause;
            SetTrouble($"{end}; it is being restarted");
            LogEnded(end, pause.TotalSeconds);
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <returns>How it ended; null when it was told to, for another configuration.</returns>
    private async Task<string?> RunOnceAsync(ChildThread thread, CancellationToken cancellationToken)
    {
        using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        string file;
        lock (_gate)
        {
            (_run, file) = (run, _configuration);
        }

        try
        {
            var end = await RunOnceAsync(thread, file, run.Token);
            return run.IsCancellationRequested ? null : end;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"dnsmasq cannot be supervised: {e.Reason()}";
        }
        finally
        {
            lock (_gate)
            {
                _run = null;
            }
        }
    }

    private async Task<string> RunOnceAsync(ChildThread thread, string file, CancellationToken cancellationToken)
    {
        using var child = await DnsmasqChild.StartAsync(thread, program, file);
        lock (_gate)
        {
            (_child, _answers) = (child, false);
        }

        try
        {
            return await WatchAsync(child, cancellationToken);
        }
        finally
        {
            // Whatever went wrong here, there are never two.
            child.Signal(ProcessHandle.Kill);
            lock (_gate)
            {
                (_child, _answers) = (null, false);
            }
        }
    }

    private async Task<string> WatchAsync(DnsmasqChild child, CancellationToken cancellationToken)
    {
        Remember(child);
        var following = FollowAsync(child);
        try
        {
            await following.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(child, following);
        }

        _memory.Forget();
        var last = await following;
        return last.Length > 0 ? $"{child.DescribeEnd()}: {last}" : child.DescribeEnd();
    }

    /// <returns>What it said last, where it ended before it answered.</returns>
    private async Task<string> FollowAsync(DnsmasqChild child)
    {
        var last = "";
        await foreach (var line in child.ReadAsync())
        {
            LogLine(line);
            var said = DnsmasqLogLine.Parse(line);
            switch (said.Kind)
            {
                case DnsmasqEventKind.Started:
                    last = "";
                    Answers(child);
                    break;
                case DnsmasqEventKind.FileRead:
                    SetUnreadable(null);
                    break;
                case DnsmasqEventKind.Unreadable:
                    SetUnreadable($"dnsmasq {said.Text}");
                    break;
                default:
                    last = Trouble is null ? "" : line;
                    log.Read(said);
                    break;
            }
        }

        return last;
    }

    private async Task StopAsync(DnsmasqChild child, Task following)
    {
        child.Signal(ProcessHandle.Terminate);
        try
        {
            await following.WaitAsync(StopPatience, clock);
        }
        catch (TimeoutException)
        {
            child.Signal(ProcessHandle.Kill);
            await following;
        }
    }

    private void Answers(DnsmasqChild child)
    {
        lock (_gate)
        {
            (_answers, _trouble) = (true, null);
            if (_reloadWhenItAnswers)
            {
                _reloadWhenItAnswers = false;
                child.Signal(ProcessHandle.Hangup);
            }
        }

        LogAnswers(child.Id);
    }

    private void Remember(DnsmasqChild child)
    {
        try
        {
            _memory.Remember(child.Id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRemembered(e.Message);
        }
    }

    private void SetTrouble(string trouble)
    {
        lock (_gate)
        {
            _trouble = trouble;
        }
    }

    private void SetUnreadable(string? unreadable)
    {
        lock (_gate)
        {
            _unreadable = unreadable;
        }

        if (unreadable is not null)
        {
            LogUnreadable(unreadable);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Line}")]
    private partial void LogLine(string line);

    [LoggerMessage(Level = LogLevel.Information, Message = "dnsmasq answers, process {Id}")]
    private partial void LogAnswers(int id);

    [LoggerMessage(Level = LogLevel.Error, Message = "dnsmasq, process {Id}, was suspended; it is killed and another one started")]
    private partial void LogStopped(int id);

    [LoggerMessage(Level = LogLevel.Error, Message = "{End}; it is restarted in {Pause:0.0} s")]
    private partial void LogEnded(string end, double pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "{What}")]
    private partial void LogUnreadable(string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The process id of dnsmasq cannot be written: {Why}")]
    private partial void LogNotRemembered(string why);
}
