using System.Globalization;
using System.Text;
using Mayu.Client.Contracts;
using Mayu.InfoPusher.Facts;

namespace Mayu.InfoPusher.Http;

/// <summary>
/// Reads one HTTP/1.1 answer (RFC 9112) from a connection. Everything is bounded, and an answer whose end cannot be known
/// is refused: half a provisioning config is worse than none.
/// </summary>
/// <param name="connection">The connection, after the request was sent.</param>
internal sealed class HttpAnswerReader(Stream connection)
{
    /// <summary>Longest body that is accepted, in bytes.</summary>
    public const int MaxBodyLength = 16 << 20;

    private const int MaxLineLength = 8 << 10;
    private const int MaxLineCount = 200;

    private readonly byte[] _buffer = new byte[16 << 10];
    private int _start;
    private int _end;

    /// <summary>Reads the answer.</summary>
    /// <exception cref="InvalidDataException">It is no HTTP/1.1 answer, or too long.</exception>
    /// <exception cref="EndOfStreamException">The connection ended before the answer did.</exception>
    public async Task<HttpAnswer> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var status = ParseStatus(await ReadLineAsync(cancellation));
            var headers = await ReadHeadersAsync(cancellation);
            if (status >= 200)
            {
                var serial = headers.TryGetValue(BootHeaders.Serial, out var encoded) ? CleanText.From(Uri.UnescapeDataString(encoded)) : null;
                return new HttpAnswer(status, await ReadBodyAsync(status, headers, cancellation), serial);
            }
        }
    }

    /// <summary><c>HTTP/1.1 200 OK</c>.</summary>
    private static int ParseStatus(string line)
    {
        var isStatusLine = line.StartsWith("HTTP/1.", StringComparison.Ordinal) && line.Length >= 12 && line[8] == ' ';
        return isStatusLine && int.TryParse(line.AsSpan(9, 3), NumberStyles.None, null, out var status) && status is >= 100 and < 600
            ? status
            : throw new InvalidDataException("this is not an HTTP server");
    }

    private async Task<Dictionary<string, string>> ReadHeadersAsync(CancellationToken cancellation)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var count = 0; count < MaxLineCount; count++)
        {
            var line = await ReadLineAsync(cancellation);
            if (line.Length == 0)
            {
                return headers;
            }

            var colon = line.IndexOf(':');
            if (colon <= 0)
            {
                throw new InvalidDataException("the server sent an invalid header");
            }

            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        throw new InvalidDataException("the server sent too many headers");
    }

    private async Task<byte[]> ReadBodyAsync(int status, Dictionary<string, string> headers, CancellationToken cancellation)
    {
        if (status is 204 or 304)
        {
            return [];
        }

        if (headers.TryGetValue("Transfer-Encoding", out var coding))
        {
            return coding.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                ? await ReadChunksAsync(cancellation)
                : throw new InvalidDataException($"the server sent the transfer coding '{coding}', which was not requested");
        }

        if (!headers.TryGetValue("Content-Length", out var text) || !long.TryParse(text, NumberStyles.None, null, out var length))
        {
            throw new InvalidDataException("the server did not send the length of its answer, so a truncated answer could not be detected");
        }

        var body = new byte[CheckedLength(length)];
        await ReadExactlyAsync(body, cancellation);
        return body;
    }

    /// <summary>Chunked transfer coding (RFC 9112, 7.1): sizes in hexadecimal, the last is 0, trailers are passed over.</summary>
    private async Task<byte[]> ReadChunksAsync(CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var line = await ReadLineAsync(cancellation);
            var digits = line.Split(';', 2)[0].Trim();
            if (!long.TryParse(digits, NumberStyles.AllowHexSpecifier, null, out var size) || size < 0)
            {
                throw new InvalidDataException("the server sent a chunk without a size");
            }

            if (size == 0)
            {
                await ReadHeadersAsync(cancellation);
                return body.ToArray();
            }

            // Two lengths that are each within the limit add up without overflow.
            _ = CheckedLength(body.Length + CheckedLength(size));
            var chunk = new byte[size];
            await ReadExactlyAsync(chunk, cancellation);
            await body.WriteAsync(chunk, cancellation);
            if ((await ReadLineAsync(cancellation)).Length != 0)
            {
                throw new InvalidDataException("the server sent a chunk longer than its size");
            }
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (line.Length <= MaxLineLength)
        {
            if (_start == _end)
            {
                await FillAsync(cancellation);
            }

            var next = (char)_buffer[_start++];
            if (next == '\n')
            {
                return line is [.., '\r'] ? line.ToString(0, line.Length - 1) : line.ToString();
            }

            line.Append(next);
        }

        throw new InvalidDataException("the server sent a line that is too long");
    }

    private async Task ReadExactlyAsync(Memory<byte> target, CancellationToken cancellation)
    {
        while (!target.IsEmpty)
        {
            if (_start == _end)
            {
                await FillAsync(cancellation);
            }

            var length = Math.Min(target.Length, _end - _start);
            _buffer.AsMemory(_start, length).CopyTo(target);
            _start += length;
            target = target[length..];
        }
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        _start = 0;
        _end = await connection.ReadAsync(_buffer, cancellation);
        if (_end == 0)
        {
            throw new EndOfStreamException("the server closed the connection in the middle of its answer");
        }
    }

    private static long CheckedLength(long length) => length <= MaxBodyLength
        ? length
        : throw new InvalidDataException($"the server's answer is longer than {MaxBodyLength >> 20} MiB");
}
