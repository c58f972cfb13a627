using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Reflection;
using Mayu.Linux.Files;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Mayu.Server.BootHttp;

/// <summary>
/// Answers a file with GET and HEAD, its length, a tag of its version, conditions on it (RFC 9110 §13) and one byte range (§14); tells how far it is.
/// What was made for this request alone has no version, and is sent whole. A portion goes at a time: a reader that does not read holds one. One that
/// is slow all in all is cut off; a machine whose disk stalls for a while is not. Bytes sent and the length are told at the start, every few MB and at
/// the end; then the file is closed.
/// </summary>
/// <remarks>
/// Not by the framework's own results: those believe a date in If-Range, take If-Unmodified-Since as met where a file has no time yet, and hold an
/// array of 64 KiB for each client that reads slowly.
/// </remarks>
internal sealed class FileAnswer(SentFile file, string contentType, Action<long, long> sent) : IResult, IEndpointMetadataProvider
{
    private const int TellEvery = 2 * 1024 * 1024;

    // The slowest way that an image takes: 64 kbit/s. Counted after some time, so that a stall at the start does not count.
    private const long LeastBytesPerSecond = 8 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Stream), ["application/octet-stream"]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (file.Open)
        {
            var range = (From: 0L, To: file.Size - 1);
            if (file.Stamp is { } stamp && !TryChoose(httpContext, stamp, out range))
            {
                return;
            }

            await SendAsync(httpContext, range.From, range.To);
        }
    }

    // What is to be sent; false where that is settled by the status.
    private static bool TryChoose(HttpContext context, FileStamp stamp, out (long From, long To) range)
    {
        var (request, response) = (context.Request.GetTypedHeaders(), context.Response);
        range = default;
        // When the file came to be here, not the time that it was given: versions that are built reproducibly have the same.
        var (changed, isSettled) = (stamp.ChangedAt, stamp.IsSettled);
        // Not of the checksum in image.json: that says what the file should be.
        var tag = new EntityTagHeaderValue($"\"{stamp.Inode:x}-{stamp.Size:x}-{stamp.Changed:x}\"", isWeak: !isSettled);
        response.GetTypedHeaders().ETag = tag;
        if (isSettled)
        {
            response.GetTypedHeaders().LastModified = changed;
        }

        // Who keeps a copy has to ask whether it is still the version.
        response.Headers.CacheControl = "no-cache";
        if (!IsMatched(request, tag, isSettled ? changed : null))
        {
            response.StatusCode = StatusCodes.Status412PreconditionFailed;
            return false;
        }

        if (request.IfNoneMatch is { Count: > 0 } others && others.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return false;
        }

        response.Headers.AcceptRanges = "bytes";
        range = RangeOf(context.Request, tag, stamp.Size);
        return true;
    }

    // UEFI resumes with If-Match, or with If-Unmodified-Since where it knows no tag (EDK 2, HttpBootDxe).
    private static bool IsMatched(RequestHeaders request, EntityTagHeaderValue tag, DateTimeOffset? changed) => request.IfMatch is { Count: > 0 } same
        ? same.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: true))
        : request.IfUnmodifiedSince is not { } since || changed?.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();

    private async Task SendAsync(HttpContext context, long from, long to)
    {
        var (length, response) = (file.Size, context.Response);
        response.ContentType = contentType;
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
        var (body, start, told) = (response.BodyWriter, Stopwatch.GetTimestamp(), from);
        for (var position = from; position <= to;)
        {
            var count = await CopyAsync(body, position, to, context.RequestAborted);
            if (count == 0 || IsTooSlow(position - from, Stopwatch.GetElapsedTime(start)))
            {
                // The client must see that it did not get all.
                context.Abort();
                return;
            }

            position += count;
            if ((await body.FlushAsync(context.RequestAborted)).IsCompleted)
            {
                return;
            }

            if (position - told >= TellEvery || position > to)
            {
                told = position;
                sent(told, length);
            }
        }
    }

    // The array is lent while a portion is read, and not while the network takes it: thousands of readers share a few.
    private async Task<int> CopyAsync(PipeWriter body, long position, long to, CancellationToken aborted)
    {
        var portion = ArrayPool<byte>.Shared.Rent(HttpLimits.Portion);
        try
        {
            var count = await file.Read(portion.AsMemory(0, (int)Math.Min(HttpLimits.Portion, to + 1 - position)), position, aborted);
            if (position + count > to && !file.IsUnchanged())
            {
                // Written over under our hands: the client must see that it did not get one version.
                return 0;
            }

            body.Write(portion.AsSpan(0, count));
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(portion);
        }
    }

    internal static bool IsTooSlow(long bytes, TimeSpan elapsed) => elapsed > Patience && bytes < LeastBytesPerSecond * (elapsed - Patience).TotalSeconds;

    // First and last byte, inclusive; first > last: not satisfiable. More than one range is answered with the whole file, and so is a range of another
    // version. A date in If-Range is not believed to be one of ours (RFC 9110 §13.1.5 has it strong, or not match).
    private static (long From, long To) RangeOf(HttpRequest request, EntityTagHeaderValue tag, long length)
    {
        if (!RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var header) || header.Unit != "bytes" || header.Ranges.Count != 1
            || (request.Headers.IfRange.Count > 0 && !IsOfVersion(request.Headers.IfRange.ToString(), tag)))
        {
            return (0, length - 1);
        }

        var range = header.Ranges.Single();
        return range.From is { } from
            ? (from < length ? from : length, Math.Min(range.To ?? long.MaxValue, length - 1))
            : (Math.Max(0, length - (range.To ?? 0)), length - 1);
    }

    private static bool IsOfVersion(string condition, EntityTagHeaderValue tag) =>
        EntityTagHeaderValue.TryParse(condition, out var wanted) && wanted.Compare(tag, useStrongComparison: true);
}
