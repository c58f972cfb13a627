using System.Text;
using System.Text.Json;
using Mayu.Core.Json;
using Mayu.Core.Machines;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Server.Configuration.Settings;

namespace Mayu.Server.Webhooks;

/// <summary>
/// One receiver: its messages, the file that they are kept in over a restart, and the loops that send them. Nobody waits for it. It runs from
/// <see cref="Open"/> until it is disposed of.
/// </summary>
internal sealed partial class Webhook : IAsyncDisposable
{
    // How many messages are sent at once: a receiver that is far away takes more than one in its round trip.
    private const int Lanes = 4;
    private const int MaxBytes = 64 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // A file of some megabytes takes the disk a twentieth of the time at most.
    private const int Rest = 20;

    private static readonly TimeSpan AfterDefect = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _writing = new();
    private readonly string _file;
    private readonly WebhookSender _sender;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private Task _running = Task.CompletedTask;
    private long _written;
    private bool _isFailing;

    private Webhook(WebhookSettings settings, WebhookSender sender, string file, TimeProvider clock, ILogger log)
    {
        (Settings, Queue, _sender, _file, _clock, _log) = (settings, new WebhookQueue(clock), sender, file, clock, log);
        Read();
    }

    /// <summary>What is configured.</summary>
    public WebhookSettings Settings { get; }

    /// <summary>Its messages.</summary>
    public WebhookQueue Queue { get; }

    /// <summary>Reads what the last run left, and begins to send.</summary>
    /// <param name="settings">The receiver.</param>
    /// <param name="key">The key of its secret.</param>
    /// <param name="folder">Where its file is; nobody else can read it.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Told of failures.</param>
    /// <exception cref="IOException">The CA file cannot be used.</exception>
    public static Webhook Open(WebhookSettings settings, byte[] key, string folder, TimeProvider clock, ILogger log)
    {
        var hook = new Webhook(settings, new WebhookSender(settings, key, Lanes, clock), Path.Combine(folder, settings.Name + ".json"), clock, log);
        hook._running = Task.WhenAll([.. Enumerable.Range(0, Lanes).Select(_ => hook.SendAsync()), hook.KeepAsync()]);
        return hook;
    }

    /// <summary>Sends dead letters again; that is durable when this returns.</summary>
    /// <param name="ids">Which; null: all.</param>
    /// <returns>How many there were of them.</returns>
    /// <exception cref="StoreUnavailableException">It cannot be written: after a restart they are dead letters again.</exception>
    public int Retry(IReadOnlySet<string>? ids)
    {
        var count = Queue.Retry(ids);
        try
        {
            Write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"{_file} cannot be written: {e.Message}", e);
        }

        return count;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        finally
        {
            TryWrite();
        }

        _sender.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        while (true)
        {
            try
            {
                await SendNextAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // Disposed of. What was on its way is sent again after the next start.
                return;
            }
#pragma warning disable CA1031 // A defect must not end what every later message waits for.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogDefect(_log, Settings.Name, e);
                await Task.Delay(AfterDefect, CancellationToken.None);
            }
        }
    }

    private async Task SendNextAsync()
    {
        var message = await Queue.NextAsync(_stop.Token);
        if (await TrySendAsync(message) is not var (error, asked))
        {
            Queue.Delivered(message);
            Tell(error: null);
            return;
        }

        var attempts = message.Attempts + 1;
        var isOver = attempts >= Settings.Attempts;
        Queue.Failed(message, error, isOver ? null : WebhookPauses.After(Settings.RetryPause, attempts, asked, Random.Shared.NextDouble()));
        Tell(error);
        if (isOver)
        {
            LogDead(_log, message.Id, message.Type, message.Serial ?? "-", Settings.Name, attempts, error);
        }
    }

    private async Task<(string Error, TimeSpan? Pause)?> TrySendAsync(WebhookDelivery message)
    {
        try
        {
            return await _sender.SendAsync(message, _stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A defect must not end what every later message waits for.
            LogDefect(_log, Settings.Name, e);
            return ("it could not be sent; the server's log says why", null);
        }
    }

    // Once for each time that it begins or ends, not for each message.
    private void Tell(string? error)
    {
        if (_isFailing == error is not null)
        {
            return;
        }

        _isFailing = error is not null;
        if (error is null)
        {
            LogWorks(_log, Settings.Name);
        }
        else
        {
            LogFails(_log, Settings.Name, Settings.Origin, error);
        }
    }

    private async Task KeepAsync()
    {
        var pause = Pause;
        while (true)
        {
            try
            {
                await Task.Delay(pause, _clock, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var begun = _clock.GetTimestamp();
            TryWrite();
            var rest = _clock.GetElapsedTime(begun) * Rest;
            pause = rest > Pause ? rest : Pause;
        }
    }

    private void Read()
    {
        if (!File.Exists(_file))
        {
            return;
        }

        try
        {
            var state = BoundedJson.Value(BoundedFile.ReadBytes(_file, MaxBytes), WebhookContext.Default.WebhookState, MaxBytes);
            if (state is not { Version: WebhookState.Known, Pending: not null, Dead: not null })
            {
                throw new JsonException("it is of another version of Mayu");
            }

            Queue.Load(state);
            _written = Queue.Changes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // The next one is written beside it, so that an operator can look at what was lost.
            LogNotRead(_log, _file, e.Reason());
            SetAside();
        }
    }

    private void SetAside()
    {
        try
        {
            File.Move(_file, _file + ".damaged", overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(_log, _file, e.Reason());
        }
    }

    private void TryWrite()
    {
        try
        {
            Write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(_log, _file, e.Reason());
        }
    }

    private void Write()
    {
        lock (_writing)
        {
            if (Queue.Changes is var changes && changes == _written)
            {
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(_file)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            PrivateFile.Write(_file, Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(Queue.Save(), WebhookContext.Default.WebhookState)) + "\n");
            _written = changes;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The webhook {Name} fails ({Receiver}): {Error}. Messages wait, and are sent again")]
    private static partial void LogFails(ILogger log, string name, string receiver, string error);

    [LoggerMessage(2, LogLevel.Information, "The webhook {Name} works")]
    private static partial void LogWorks(ILogger log, string name);

    [LoggerMessage(3, LogLevel.Warning, "Message {Id} ({Type}, {Serial}) is a dead letter of the webhook {Name} after {Attempts} attempts: {Error}. Its receiver can be sent it again (docs/events.md)")]
    private static partial void LogDead(ILogger log, string id, string type, string serial, string name, int attempts, string error);

    [LoggerMessage(4, LogLevel.Error, "Sending messages of the webhook {Name} failed")]
    private static partial void LogDefect(ILogger log, string name, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "{File} cannot be read: {Error}. Messages and dead letters in it are set aside as .damaged")]
    private static partial void LogNotRead(ILogger log, string file, string error);

    [LoggerMessage(6, LogLevel.Warning, "{File} cannot be written: {Error}. A restart of Mayu would lose messages that wait")]
    private static partial void LogNotWritten(ILogger log, string file, string error);
}
