using Mayu.Linux.Files;
using Microsoft.Net.Http.Headers;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Server.BootHttp;

/// <summary>
/// Answers a file with GET and HEAD, its length, a tag of its version, conditions on it (RFC 9110 §13) and one byte range (§14); tells how far it is.
/// </summary>
internal static class FileAnswer
{
    // A file system's clock stands still for some milliseconds: what was changed this moment may be changed again without being seen.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>Sends.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The file, which exists.</param>
    /// <param name="contentType">Media type.</param>
    /// <param name="sent">Called with bytes sent and the file's length, at the start, every few MB and at the end.</param>
    public static async Task SendAsync(HttpContext context, string path, string contentType, Action<long, long> sent)
    {
        using var file = File.OpenHandle(path, options: FileOptions.Asynchronous | FileOptions.SequentialScan);
        if (!FileStamp.TryRead(file, out var stamp))
        {
            throw new IOException($"{path} is no regular file");
        }

        var (request, response) = (context.Request.GetTypedHeaders(), context.Response);
        // When the file came to be here, not the time that it was given: versions that are built reproducibly have the same.
        var changed = DateTimeOffset.UnixEpoch.AddTicks(stamp.Changed / TimeSpan.NanosecondsPerTick);
        // By the kernel's clock, which gave the file its times.
        var isSettled = TimeProvider.System.GetUtcNow() - changed >= Settled;
        // Not of the checksum in image.json: that says what the file should be.
        var tag = new EntityTagHeaderValue($"\"{stamp.Inode:x}-{stamp.Size:x}-{stamp.Changed:x}\"", isWeak: !isSettled);
        response.GetTypedHeaders().ETag = tag;
        if (isSettled)
        {
            response.GetTypedHeaders().LastModified = changed;
        }

        // Who keeps a copy has to ask whether it is still the version.
        response.Headers.CacheControl = "no-cache";
        // UEFI resumes with If-Match, or with If-Unmodified-Since where it knows no tag (EDK 2, HttpBootDxe).
        if (request.IfMatch is { Count: > 0 } same
            ? !same.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: true))
            : request.IfUnmodifiedSince is { } since && !(isSettled && changed.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds()))
        {
            response.StatusCode = StatusCodes.Status412PreconditionFailed;
            return;
        }

        if (request.IfNoneMatch is { Count: > 0 } others && others.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await SendAsync(context, file, stamp, RangeOf(context.Request, tag, stamp.Size), contentType, sent);
    }

    private static async Task SendAsync(
        HttpContext context, SafeFileHandle file, FileStamp stamp, (long From, long To) range, string contentType, Action<long, long> sent)
    {
        const int TellEvery = 2 * 1024 * 1024;
        var (length, (from, to), response) = (stamp.Size, range, context.Response);
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
        var told = from;
        await LargeBody.SendAsync(
            context,
            from,
            to,
            async (portion, position) =>
            {
                var read = await RandomAccess.ReadAsync(file, portion, position, context.RequestAborted);
                // Written over under our hands: the client must see that it did not get one version.
                return position + read > to && !stamp.IsOf(file) ? 0 : read;
            },
            position =>
            {
                if (position - told >= TellEvery || position > to)
                {
                    told = position;
                    sent(told, length);
                }
            });
    }

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
