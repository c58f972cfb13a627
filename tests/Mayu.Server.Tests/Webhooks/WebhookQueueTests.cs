using System.Globalization;
using Mayu.Netboot.Tests;
using Mayu.Server.Configuration.Settings;
using Mayu.Server.Webhooks;

namespace Mayu.Server.Tests.Webhooks;

public sealed class WebhookQueueTests
{
    private readonly StoppedClock _clock = new();

    [Fact]
    public async Task What_is_due_first_is_sent_first_and_what_is_not_due_waits()
    {
        var queue = new WebhookQueue(_clock);
        queue.Add(MessageOf("later") with { Next = _clock.GetUtcNow() + TimeSpan.FromHours(1) });
        queue.Add(MessageOf("a"));
        queue.Add(MessageOf("b"));
        Assert.Equal("a", (await queue.NextAsync(CancellationToken.None)).Id);
        Assert.Equal("b", (await queue.NextAsync(CancellationToken.None)).Id);
        using var stop = new CancellationTokenSource();
        var next = queue.NextAsync(stop.Token);
        Assert.False(next.IsCompleted);
        queue.Add(MessageOf("c"));
        Assert.Equal("c", (await next).Id);
        Assert.Equal(4, queue.Pending);
    }

    [Fact]
    public async Task What_waits_is_sent_also_if_the_clock_was_set_back_by_months_or_is_set_back_meanwhile()
    {
        var queue = new WebhookQueue(_clock);
        queue.Add(MessageOf("a") with { Next = _clock.GetUtcNow() + TimeSpan.FromDays(200) });
        Assert.Equal("a", (await queue.NextAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Id);

        queue.Add(MessageOf("b") with { Next = _clock.GetUtcNow() + TimeSpan.FromMinutes(2) });
        var next = queue.NextAsync(TestContext.Current.CancellationToken);
        Assert.False(next.IsCompleted);
        _clock.Pass(TimeSpan.FromDays(-200));
        queue.Add(MessageOf("c") with { Next = _clock.GetUtcNow() });
        Assert.Equal("c", (await next.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Id);
        Assert.Equal("b", (await queue.NextAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Id);
    }

    [Fact]
    public void Too_much_that_waits_is_given_up_at_once_and_too_much_of_that_is_dropped_and_counted()
    {
        var queue = new WebhookQueue(_clock);
        const int All = WebhookQueue.MaxPending + WebhookQueue.MaxDead + 7;
        for (var i = 0; i < All; i++)
        {
            queue.Add(MessageOf(i.ToString(CultureInfo.InvariantCulture)));
        }

        Assert.Equal((WebhookQueue.MaxPending, WebhookQueue.MaxDead), (queue.Pending, queue.Dead.Count));
        Assert.Equal((WebhookQueue.MaxDead + 7, 7), (queue.Counts.Dead, queue.Counts.Dropped));
        // The newest are kept.
        Assert.Equal((All - 1).ToString(CultureInfo.InvariantCulture), queue.Dead[^1].Id);
        Assert.Equal($"{WebhookQueue.MaxPending} messages waited already", queue.Dead[0].Error);
        // As much as fits is sent again, and no more.
        Assert.Equal(0, queue.Retry(ids: null));
    }

    [Fact]
    public async Task What_is_kept_is_what_was_there_also_what_is_being_sent()
    {
        var queue = new WebhookQueue(_clock);
        queue.Add(MessageOf("a"));
        queue.Add(MessageOf("b"));
        var dead = await queue.NextAsync(CancellationToken.None);
        queue.Failed(dead, "no", pause: null);
        var sending = await queue.NextAsync(CancellationToken.None);
        var other = new WebhookQueue(_clock);
        other.Load(queue.Save());
        Assert.Equal(("a", "b"), (other.Dead.Single().Id, (await other.NextAsync(CancellationToken.None)).Id));
        queue.Delivered(sending);
        Assert.Empty(queue.Save().Pending);
    }

    // A clock that was years ahead when it was kept.
    [Fact]
    public async Task What_was_to_wait_for_years_does_not()
    {
        var queue = new WebhookQueue(_clock);
        queue.Load(new WebhookState { Version = 1, Pending = [MessageOf("a") with { Next = _clock.GetUtcNow().AddYears(10) }] });
        Assert.Equal("a", (await queue.NextAsync(CancellationToken.None)).Id);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 20)]
    [InlineData(3, 80)]
    [InlineData(6, 3000)]
    [InlineData(20, 3000)]
    public void Pauses_grow_to_an_hour_and_differ_by_a_fifth(int attempts, int seconds)
    {
        var first = TimeSpan.FromSeconds(5);
        Assert.Equal(seconds, WebhookPauses.After(first, attempts, asked: null, chance: 0.5).TotalSeconds, precision: 3);
        Assert.Equal(seconds * 0.8, WebhookPauses.After(first, attempts, asked: null, chance: 0).TotalSeconds, precision: 3);
        Assert.Equal(seconds * 1.2, WebhookPauses.After(first, attempts, asked: null, chance: 1).TotalSeconds, precision: 3);
    }

    [Fact]
    public void A_receiver_can_ask_for_a_longer_pause_of_an_hour_at_most()
    {
        var first = TimeSpan.FromSeconds(5);
        Assert.Equal(60, WebhookPauses.After(first, 1, TimeSpan.FromMinutes(1), 0.5).TotalSeconds);
        Assert.Equal(5, WebhookPauses.After(first, 1, TimeSpan.FromSeconds(1), 0.5).TotalSeconds);
        Assert.Equal(3600, WebhookPauses.After(first, 1, TimeSpan.FromDays(3), 0.5).TotalSeconds);
        Assert.Equal(5, WebhookPauses.After(first, 1, TimeSpan.FromSeconds(-7), 0.5).TotalSeconds);
    }

    // The example of the specification's libraries.
    [Fact]
    public void The_signature_is_that_of_the_specification()
    {
        Assert.True(WebhookKey.TryRead("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var key, out _));
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookSignature.Of(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8));
    }

    private WebhookDelivery MessageOf(string id) => new() { Id = id, Type = "machine.state", At = _clock.GetUtcNow(), Body = "{}", Next = _clock.GetUtcNow() };
}
