using Mayu.Client.Contracts;
using Mayu.Core.Selection;
using Mayu.Netboot.Tests;
using Mayu.Server.Access;
using Mayu.Server.Api.Events;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Mayu.Server.Tests.Api.Events;

public sealed class EventReadersTests
{
    [Fact]
    public async Task Readers_are_bounded_in_number_and_one_that_leaves_makes_room()
    {
        var readers = new EventReaders(_ => ValueTask.FromResult(true), TimeProvider.System, CancellationToken.None);
        var leave = new TaskCompletionSource();
        var running = new List<Task>();
        Take("one", EventReaders.MostOfOne);
        Assert.Contains("512 programs already read events with the token one.", Assert.IsType<Problem>(Answer("one").Result).Detail, StringComparison.Ordinal);

        // Others have the rest.
        Take("two", EventReaders.Most - EventReaders.MostOfOne);
        Assert.Contains("768 programs", Assert.IsType<Problem>(Answer("three").Result).Detail, StringComparison.Ordinal);
        leave.SetResult();
        await Task.WhenAll(running);
        Take("one", EventReaders.MostOfOne);

        void Take(string name, int count)
        {
            for (var i = 0; i < count; i++)
            {
                running.Add(Assert.IsType<EventAnswer<BootEvent>>(Answer(name).Result).ExecuteAsync(new DefaultHttpContext()));
            }
        }

        Microsoft.AspNetCore.Http.HttpResults.Results<EventAnswer<BootEvent>, Problem> Answer(string name)
        {
            var context = new DefaultHttpContext { Request = { Method = "GET" } };
            context.Features.Set(new Caller(name, Role.Viewer, Selector.Everything));
            return readers.Answer<BootEvent>(context.Request, (_, _) => leave.Task);
        }
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_is_not_taken_any_more()
    {
        var (clock, isTaken) = (new StoppedClock(), true);
        var readers = new EventReaders(_ => ValueTask.FromResult(isTaken), clock, CancellationToken.None);
        var written = 0;
        var answer = Assert.IsType<EventAnswer<BootEvent>>(readers.Answer<BootEvent>(new DefaultHttpContext { Request = { Method = "GET" } }.Request, async (writer, ended) =>
        {
            while (true)
            {
                ended.ThrowIfCancellationRequested();
                await writer.WriteAsync(": x\n\n"u8.ToArray(), ended);
                await writer.FlushAsync(ended);
                isTaken = ++written < 3;
                clock.Pass(TimeSpan.FromSeconds(8));
            }
        }).Result);
        await answer.ExecuteAsync(new DefaultHttpContext());
        // Every 15 seconds is looked.
        Assert.Equal(5, written);
    }

    [Fact]
    public void All_readers_together_get_so_many_bytes_a_second()
    {
        var clock = new StoppedClock();
        clock.Pass(TimeSpan.FromMinutes(1));
        var readers = new EventReaders(_ => ValueTask.FromResult(true), clock, CancellationToken.None);
        // After some quiet, what a second allows goes at once.
        Assert.InRange(SentAtOnce(), 32, 34);
        clock.Pass(TimeSpan.FromMilliseconds(500));
        Assert.InRange(SentAtOnce(), 14, 17);
        clock.Pass(TimeSpan.FromMinutes(1));
        Assert.InRange(SentAtOnce(), 32, 34);

        int SentAtOnce()
        {
            var sent = 0;
            while (readers.PaceAsync(1 << 20, CancellationToken.None).IsCompleted)
            {
                sent++;
            }

            return sent;
        }
    }
}
