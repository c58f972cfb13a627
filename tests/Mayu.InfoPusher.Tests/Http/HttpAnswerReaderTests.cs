using System.Text;
using Mayu.InfoPusher.Http;

namespace Mayu.InfoPusher.Tests.Http;

public sealed class HttpAnswerReaderTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n", 404, "")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: x\r\n\r\n", 200, "hello")]
    [InlineData("HTTP/1.0 204 \n\n", 204, "")]
    public async Task A_complete_answer_is_read(string wire, int status, string body)
    {
        var answer = await ReadAsync(wire);

        Assert.Equal((status, body), (answer.Status, Encoding.UTF8.GetString(answer.Body)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    public async Task An_answer_that_was_cut_is_no_answer(string wire) =>
        await Assert.ThrowsAsync<EndOfStreamException>(() => ReadAsync(wire));

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nno length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: x\r\n\r\n")]
    public async Task What_breaks_the_protocol_is_refused(string wire) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(wire));

    [Fact]
    public async Task Endless_lines_and_headers_are_refused()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync("HTTP/1.1 200 " + new string('x', 100_000)));
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", 1000))));
    }

    private static Task<HttpAnswer> ReadAsync(string wire) =>
        new HttpAnswerReader(new MemoryStream(Encoding.ASCII.GetBytes(wire))).ReadAsync(TestContext.Current.CancellationToken);
}
