using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace Mayu.Server.BootHttp;

/// <summary>Answers a file with GET and HEAD, its length, and one byte range (RFC 9110 §14); tells how far it is.</summary>
internal static class FileAnswer
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Sends.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The file, which exists.</param>
    /// <param name="contentType">Media type.</param>
    /// <param name="sent">Called with bytes sent and the file's length, at the start, every few MB and at the end.</param>
    public static async Task SendAsync(HttpContext context, string path, string contentType, Action<long, long> sent)
    {
        const int TellEvery = 2 * 1024 * 1024;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var length = file.Length;
        var (from, to) = RangeOf(context.Request, length);
        var response = context.Response;
        response.ContentType = contentType;
        response.Headers.AcceptRanges = "bytes";
        if (from > to && length > 0)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = $"bytes */{length}";
            return;
        }

        response.ContentLength = to - from + 1;
        if (response.ContentLength != length)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {from}-{to}/{length}";
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        sent(from, length);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            file.Position = from;
            var told = from;
            while (file.Position <= to)
            {
                var read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(BufferSize, to + 1 - file.Position)), context.RequestAborted);
                if (read == 0)
                {
                    // Cut short under our hands: the client must see that it did not get all.
                    context.Abort();
                    return;
                }

                await response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                if (file.Position - told >= TellEvery || file.Position > to)
                {
                    told = file.Position;
                    sent(told, length);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // First and last byte, inclusive; first > last: not satisfiable. More than one range is answered with the whole file.
    private static (long From, long To) RangeOf(HttpRequest request, long length)
    {
        if (!RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var header) || header.Unit != "bytes" || header.Ranges.Count != 1)
        {
            return (0, length - 1);
        }

        var range = header.Ranges.Single();
        return range.From is { } from
            ? (from < length ? from : length, Math.Min(range.To ?? long.MaxValue, length - 1))
            : (Math.Max(0, length - (range.To ?? 0)), length - 1);
    }
}
