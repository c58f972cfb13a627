using System.Buffers;

namespace Mayu.Server.Api.Events;

/// <summary>Writes events to one reader, many in a packet.</summary>
/// <param name="context">The reader's request.</param>
/// <param name="readers">All readers.</param>
/// <param name="clock">The time.</param>
/// <param name="stream">Ends the stream, where the reader would not be let in any more.</param>
internal sealed class EventWriter(HttpContext context, EventReaders readers, TimeProvider clock, CancellationTokenSource stream)
{
    // What a reader that does not read holds, beside the buffers of its connection.
    private const int Portion = 32 * 1024;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private int _unsent;
    private long _admitted = clock.GetTimestamp();

    /// <summary>Adds to what is sent next; where that is a portion, it is sent.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ended)
    {
        context.Response.BodyWriter.Write(bytes.Span);
        _unsent += bytes.Length;
        if (_unsent >= Portion)
        {
            await FlushAsync(ended);
        }
    }

    /// <summary>Sends what is there, as soon as the reader and the budget of all readers take it.</summary>
    public async ValueTask FlushAsync(CancellationToken ended)
    {
        if (_unsent > 0)
        {
            await readers.PaceAsync(_unsent, ended);
            _unsent = 0;
            await context.Response.BodyWriter.FlushAsync(ended);
            await LookAtTokenAsync();
        }
    }

    /// <summary>Sends what is there, and waits for what comes next; meanwhile the reader is told that the connection lives.</summary>
    /// <param name="next">Ends when there is more.</param>
    /// <param name="ended">Ends it.</param>
    public async Task WaitAsync(Task next, CancellationToken ended)
    {
        await FlushAsync(ended);
        while (true)
        {
            try
            {
                await next.WaitAsync(Heartbeat, clock, ended);
                await readers.GatherAsync(ended);
                return;
            }
            catch (TimeoutException)
            {
                await WriteAsync(": heartbeat\n\n"u8.ToArray(), ended);
                await FlushAsync(ended);
            }
        }
    }

    // A stream may go on for months, and a token may be revoked meanwhile. A reader is sent something every 15 seconds.
    private async ValueTask LookAtTokenAsync()
    {
        if (clock.GetElapsedTime(_admitted) < Heartbeat)
        {
            return;
        }

        _admitted = clock.GetTimestamp();
        if (!await readers.AdmitsAsync(context))
        {
            await stream.CancelAsync();
        }
    }
}
