using System.Diagnostics.Metrics;
using Mayu.Server.Http;
using Mayu.Server.Webhooks;

namespace Mayu.Server.Api;

/// <summary>What monitoring is told of webhooks, by their names.</summary>
internal sealed class WebhookMetrics(WebhookService webhooks) : IDisposable
{
    private readonly Meter _meter = new(ClusterMetrics.MeterName, ProductVersion.Text);

    /// <summary>Begins to measure.</summary>
    public void Start()
    {
        _meter.CreateObservableCounter("mayu.webhook.messages", () => webhooks.Hooks.SelectMany(Messages), description: "Messages to a webhook's receiver, by what became of them: delivered, dead (given up), or dropped (a dead letter that gave way to newer ones)");
        _meter.CreateObservableCounter("mayu.webhook.attempts.failed", () => webhooks.Hooks.Select(hook => Of(hook, hook.Queue.Counts.Failed)), description: "Attempts to send a message that failed; it is sent again, or becomes a dead letter");
        _meter.CreateObservableGauge("mayu.webhook.pending", () => webhooks.Hooks.Select(hook => Of(hook, hook.Queue.Pending)), description: "Messages that wait to be sent, or to be sent again");
        _meter.CreateObservableGauge("mayu.webhook.dead_letters", () => webhooks.Hooks.Select(hook => Of(hook, hook.Queue.Dead.Count)), description: "Messages that were given up and are kept");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Messages(Webhook hook)
    {
        var counts = hook.Queue.Counts;
        return from part in new[] { ("delivered", counts.Delivered), ("dead", counts.Dead), ("dropped", counts.Dropped) }
               select new Measurement<long>(part.Item2, new KeyValuePair<string, object?>("webhook", hook.Settings.Name), new KeyValuePair<string, object?>("result", part.Item1));
    }

    private static Measurement<long> Of(Webhook hook, long value) => new(value, new KeyValuePair<string, object?>("webhook", hook.Settings.Name));
}
