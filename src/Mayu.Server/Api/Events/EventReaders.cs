using Mayu.Server.Auth;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mayu.Server.Api.Events;

/// <summary>
/// What all readers of events share: so many of them, and so many bytes a second. During a storm of boots five hundred readers would otherwise have the server
/// encrypt more than it serves; as it is, they get the same later, and who falls behind is told.
/// </summary>
/// <param name="isAdmitted">Whether a token is still taken, with which a stream began.</param>
/// <param name="clock">The time.</param>
/// <param name="stopping">The server stops: every stream ends.</param>
internal sealed class EventReaders(Func<HttpContext, ValueTask<bool>> isAdmitted, TimeProvider clock, CancellationToken stopping)
{
    /// <summary>How many read at once. A quarter of the listener's connections is left for requests.</summary>
    public const int Most = 768;

    /// <summary>How many read at once with one name: a program that opens streams and forgets them leaves room for others.</summary>
    public const int MostOfOne = 512;

    /// <summary>How many bytes all of them get in a second, and at once after some quiet.</summary>
    private const long BytesPerSecond = 32 << 20;

    // With fewer readers each event goes out as it happens. With more it waits for others, up to half a second: one packet for many.
    private const int Few = 16;
    private const int MostMilliseconds = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _count;
    private long _free;

    /// <summary>Answers with events, where there is room for another reader.</summary>
    /// <param name="request">The request.</param>
    /// <param name="send">Sends them until the token ends it.</param>
    /// <typeparam name="T">What the data of each event is.</typeparam>
    public Results<EventAnswer<T>, Problem> Answer<T>(HttpRequest request, Func<EventWriter, CancellationToken, Task> send)
    {
        if (HttpMethods.IsHead(request.Method))
        {
            return new EventAnswer<T>(_ => Task.CompletedTask);
        }

        var who = request.HttpContext.Features.Get<Caller>()?.Title ?? "";
        return Enter(who) is { } full
            ? new Problem(StatusCodes.Status503ServiceUnavailable, "Too many readers", full)
            : new EventAnswer<T>(context => SendAsync(context, who, send));
    }

    /// <summary>Whether a reader would be let in again.</summary>
    public ValueTask<bool> AdmitsAsync(HttpContext context) => isAdmitted(context);

    /// <summary>Waits until so many bytes may be sent.</summary>
    public Task PaceAsync(int bytes, CancellationToken ended)
    {
        long ahead;
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            var from = Math.Max(_free, now - clock.TimestampFrequency);
            _free = from + (bytes * clock.TimestampFrequency / BytesPerSecond);
            ahead = from - now;
        }

        return ahead <= 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromSeconds((double)ahead / clock.TimestampFrequency), clock, ended);
    }

    /// <summary>Waits for further events that go out with those that are there.</summary>
    public Task GatherAsync(CancellationToken ended) => Volatile.Read(ref _count) is >= Few and var count
        ? Task.Delay(TimeSpan.FromMilliseconds(Math.Min(count, MostMilliseconds)), clock, ended)
        : Task.CompletedTask;

    // Why not, as a sentence; null: there is room.
    private string? Enter(string who)
    {
        lock (_gate)
        {
            var own = _counts.GetValueOrDefault(who);
            if (_count >= Most || own >= MostOfOne)
            {
                return _count >= Most
                    ? $"{Most} programs already read events. Close one, or try again later."
                    : $"{MostOfOne} programs already read events with the {who}. Close one, or try again later.";
            }

            (_counts[who], _count) = (own + 1, _count + 1);
            return null;
        }
    }

    private void Leave(string who)
    {
        lock (_gate)
        {
            _count--;
            if (--_counts[who] == 0)
            {
                _counts.Remove(who);
            }
        }
    }

    private async Task SendAsync(HttpContext context, string who, Func<EventWriter, CancellationToken, Task> send)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await send(new EventWriter(context, this, clock, ended), ended.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The server stops, or the token was revoked or has expired: the stream ends in order, and who reads comes back, and is answered then.
        }
        finally
        {
            Leave(who);
        }
    }
}
