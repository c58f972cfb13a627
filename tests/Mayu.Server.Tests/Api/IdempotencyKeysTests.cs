using Mayu.Server.Api.Idempotency;

namespace Mayu.Server.Tests.Api;

/// <summary>How long keys are known, and how many.</summary>
public sealed class IdempotencyKeysTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly SetClock _clock = new();

    [Fact]
    public void An_answer_is_given_again_until_its_time_is_over()
    {
        var keys = new IdempotencyKeys(_clock);
        var answer = Answer(10);
        Assert.Equal(IdempotencyState.Begun, keys.Begin("a", "k", "r").State);
        Assert.Equal(IdempotencyState.Running, keys.Begin("a", "k", "r").State);
        Assert.Equal(IdempotencyState.OfAnother, keys.Begin("a", "k", "other").State);
        keys.End("a", "k", answer, Day);
        Assert.Equal((IdempotencyState.Answered, answer), keys.Begin("a", "k", "r"));
        Assert.Equal(IdempotencyState.OfAnother, keys.Begin("a", "k", "other").State);
        Assert.Equal(IdempotencyState.Begun, keys.Begin("b", "k", "other").State);

        _clock.Now += Day - TimeSpan.FromTicks(1);
        Assert.Equal(IdempotencyState.Answered, keys.Begin("a", "k", "r").State);
        _clock.Now += TimeSpan.FromTicks(1);
        Assert.Equal(IdempotencyState.Begun, keys.Begin("a", "k", "other").State);
    }

    [Fact]
    public void What_ended_without_an_answer_to_keep_may_begin_again()
    {
        var keys = new IdempotencyKeys(_clock);
        keys.Begin("a", "k", "r");
        keys.End("a", "k", answer: null, Day);
        Assert.Equal(IdempotencyState.Begun, keys.Begin("a", "k", "other").State);
    }

    [Fact]
    public void A_caller_drives_out_its_own_oldest_key_and_none_that_runs()
    {
        var keys = new IdempotencyKeys(_clock, new() { MaxKeysPerCaller = 2 });
        Do(keys, "b", "k");
        keys.Begin("a", "runs", "r");
        Do(keys, "a", "old");
        Do(keys, "a", "new");
        Assert.Equal(IdempotencyState.Running, keys.Begin("a", "runs", "r").State);
        Assert.Equal(IdempotencyState.Answered, keys.Begin("a", "new", "r").State);
        Assert.Equal(IdempotencyState.Answered, keys.Begin("b", "k", "r").State);
        Assert.Equal(IdempotencyState.Begun, keys.Begin("a", "old", "r").State);
        // Both of its keys run now.
        Assert.Equal(IdempotencyState.Full, keys.Begin("a", "third", "r").State);
        Assert.Equal(IdempotencyState.Begun, keys.Begin("b", "third", "r").State);
    }

    [Fact]
    public void All_answers_together_have_a_limit_and_one_that_is_too_long_is_only_known_as_given()
    {
        var keys = new IdempotencyKeys(_clock, new() { MaxBytes = 100, MaxAnswerBytes = 60 });
        Do(keys, "a", "1", 50);
        Do(keys, "a", "2", 50);
        Do(keys, "a", "3", 50);
        Assert.Equal(IdempotencyState.Answered, keys.Begin("a", "2", "r").State);
        Assert.Equal(IdempotencyState.Answered, keys.Begin("a", "3", "r").State);
        Assert.Equal(IdempotencyState.Begun, keys.Begin("a", "1", "r").State);
        Do(keys, "a", "4", 61);
        Assert.Equal((IdempotencyState.Answered, (KeptAnswer?)null), keys.Begin("a", "4", "r"));
        Assert.NotNull(keys.Begin("a", "2", "r").Answer);
    }

    [Fact]
    public void All_keys_together_have_a_limit()
    {
        var keys = new IdempotencyKeys(_clock, new() { MaxKeys = 3 });
        for (var i = 0; i < 1000; i++)
        {
            Do(keys, $"caller-{i}", "k");
        }

        Assert.Equal([IdempotencyState.Answered, IdempotencyState.Answered, IdempotencyState.Answered], Enumerable.Range(997, 3).Select(i => keys.Begin($"caller-{i}", "k", "r").State));
        Assert.Equal(IdempotencyState.Begun, keys.Begin("caller-996", "k", "r").State);
    }

    [Fact]
    public void A_sweep_forgets_what_is_over_and_nothing_else()
    {
        var keys = new IdempotencyKeys(_clock, new() { MaxBytes = 100 });
        keys.Begin("a", "runs", "r");
        keys.Begin("a", "secret", "r");
        keys.End("a", "secret", Answer(90), TimeSpan.FromMinutes(10));
        _clock.Now += TimeSpan.FromMinutes(10);
        keys.Sweep();
        // Its bytes are free again.
        Do(keys, "a", "1", 50);
        Do(keys, "a", "2", 50);
        Assert.NotNull(keys.Begin("a", "1", "r").Answer);
        Assert.Equal(IdempotencyState.Running, keys.Begin("a", "runs", "r").State);
        Assert.Equal(IdempotencyState.Begun, keys.Begin("a", "secret", "other").State);
    }

    private static KeptAnswer Answer(int length) => new(200, [], new byte[length]);

    private static void Do(IdempotencyKeys keys, string caller, string key, int length = 1)
    {
        Assert.Equal(IdempotencyState.Begun, keys.Begin(caller, key, "r").State);
        keys.End(caller, key, Answer(length), Day);
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
