using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Mayu.Server.Http;

namespace Mayu.Server.BootHttp;

/// <summary>
/// Sends a body of known length a portion at a time: a reader that does not read holds one portion. One that
/// is slow all in all is cut off; a machine whose disk stalls for a while is not.
/// </summary>
internal static class LargeBody
{
    // The slowest way that an image takes: 64 kbit/s. Counted after some time, so that a stall at the start does not count.
    private const long LeastBytesPerSecond = 8 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Sends the bytes of a range.</summary>
    /// <param name="context">The request; its answer has the length already.</param>
    /// <param name="from">The first byte.</param>
    /// <param name="to">The last byte.</param>
    /// <param name="read">Reads some bytes at a position; none where the file was cut short, and then the connection breaks.</param>
    /// <param name="sent">Called with the position after each portion; null: nobody.</param>
    /// <returns>Whether all of it was sent.</returns>
    public static async Task<bool> SendAsync(HttpContext context, long from, long to, Func<Memory<byte>, long, ValueTask<int>> read, Action<long>? sent = null)
    {
        var (body, start) = (context.Response.BodyWriter, Stopwatch.GetTimestamp());
        for (var position = from; position <= to;)
        {
            var count = await CopyAsync(body, position, to, read);
            if (count == 0 || IsTooSlow(position - from, Stopwatch.GetElapsedTime(start)))
            {
                // The client must see that it did not get all.
                context.Abort();
                return false;
            }

            position += count;
            if ((await body.FlushAsync(context.RequestAborted)).IsCompleted)
            {
                return false;
            }

            sent?.Invoke(position);
        }

        return true;
    }

    // The array is lent while a portion is read, and not while the network takes it: thousands of readers share a few.
    private static async Task<int> CopyAsync(PipeWriter body, long position, long to, Func<Memory<byte>, long, ValueTask<int>> read)
    {
        var portion = ArrayPool<byte>.Shared.Rent(HttpLimits.Portion);
        try
        {
            var count = await read(portion.AsMemory(0, (int)Math.Min(HttpLimits.Portion, to + 1 - position)), position);
            body.Write(portion.AsSpan(0, count));
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(portion);
        }
    }

    internal static bool IsTooSlow(long bytes, TimeSpan elapsed) => elapsed > Patience && bytes < LeastBytesPerSecond * (elapsed - Patience).TotalSeconds;
}
