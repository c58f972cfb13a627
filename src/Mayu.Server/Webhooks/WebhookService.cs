using System.Collections.Immutable;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Provisioning;
using Mayu.Server.Configuration.Settings;

namespace Mayu.Server.Webhooks;

/// <summary>
/// Tells the receivers of webhooks what happens to machines. It reads the ring of events as any other reader does, so that nobody who boots waits for it, and each
/// receiver has a queue of its own, so that none waits for another (ADR 49). It runs from <see cref="Open"/> until it is disposed of.
/// </summary>
internal sealed partial class WebhookService : IAsyncDisposable
{
    private const int Portion = 256;

    private readonly CancellationTokenSource _stop = new();
    private readonly IMachineStore _store;
    private readonly BootEvents _events;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private Task _running = Task.CompletedTask;

    private WebhookService(ImmutableArray<Webhook> hooks, IMachineStore store, BootEvents events, TimeProvider clock, ILogger log) =>
        (Hooks, _store, _events, _clock, _log) = (hooks, store, events, clock, log);

    /// <summary>The webhooks, as configured.</summary>
    public ImmutableArray<Webhook> Hooks { get; }

    /// <summary>Begins to tell them.</summary>
    /// <param name="settings">The receivers.</param>
    /// <param name="folder">Where their messages are kept.</param>
    /// <param name="secrets">The secrets.</param>
    /// <param name="machines">The machines, and what happens to them.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Told of failures.</param>
    /// <exception cref="IOException">A secret or a CA file cannot be used; the message names the webhook.</exception>
    public static WebhookService Open(
        ImmutableArray<WebhookSettings> settings, string folder, ISecretSource secrets, (IMachineStore Store, BootEvents Events) machines, TimeProvider clock, ILogger log)
    {
        var keys = settings.Select(hook => KeyOf(hook, secrets)).ToList();
        var service = new WebhookService([.. settings.Zip(keys, (hook, key) => OpenOne(hook, key, folder, clock, log))], machines.Store, machines.Events, clock, log);
        service._running = service.Hooks.IsEmpty ? Task.CompletedTask : service.TellAsync(machines.Events.Newest);
        return service;
    }

    /// <summary>A webhook by its name; null where there is none.</summary>
    public Webhook? Find(string name) => Hooks.FirstOrDefault(hook => hook.Settings.Name == name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Task.WhenAll(Hooks.Select(hook => hook.DisposeAsync().AsTask()));
        _stop.Dispose();
    }

    private static byte[] KeyOf(WebhookSettings hook, ISecretSource secrets) =>
        !secrets.TryRead(hook.Secret, default, out var secret, out var problem) || !WebhookKey.TryRead(secret, out var key, out problem)
            ? throw new IOException($"webhooks: {hook.Name}: the secret {hook.Secret} cannot be used: {problem}")
            : key;

    private static Webhook OpenOne(WebhookSettings hook, byte[] key, string folder, TimeProvider clock, ILogger log)
    {
        try
        {
            return Webhook.Open(hook, key, folder, clock, log);
        }
        catch (IOException e)
        {
            throw new IOException($"webhooks: {hook.Name}: {e.Message}", e);
        }
    }

    private async Task TellAsync(long last)
    {
        while (true)
        {
            try
            {
                await _events.WaitAsync(last, _stop.Token);
                last = TellOf(last);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A defect must not hide every later event: those of this portion are lost, and the log says so.
                LogDefect(_log, e);
                last = _events.Newest;
            }
        }
    }

    private long TellOf(long last)
    {
        var events = _events.Read(last, Portion, out var missed);
        var (now, machines) = (_clock.GetUtcNow(), _store.Current);
        if (missed > 0)
        {
            Array.ForEach([.. Hooks], hook => hook.Queue.Add(WebhookMessages.OfGap(missed, now)));
        }

        foreach (var (_, happened) in events)
        {
            if (WebhookMessages.KindOf(happened) is not { } kind)
            {
                continue;
            }

            foreach (var hook in Hooks)
            {
                if (WebhookMessages.IsFor(hook.Settings, kind, happened, machines))
                {
                    hook.Queue.Add(WebhookMessages.Of(kind, happened, now));
                }
            }
        }

        return last + missed + events.Count;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Telling webhooks of events failed: some were missed")]
    private static partial void LogDefect(ILogger log, Exception exception);
}
