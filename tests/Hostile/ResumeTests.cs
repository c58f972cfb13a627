using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Hostile.Tests;

/// <summary>Downloads of a file that changes meanwhile: nobody gets bytes of two versions as one file (RFC 9110 §13, §14).</summary>
public sealed class ResumeTests
{
    private const string Url = "/images/vmlinuz";

    [Fact]
    public async Task A_range_with_If_Range_is_of_the_same_version_or_the_whole_file()
    {
        await using var server = await TestServer.StartAsync();
        var file = Old(server, "first version");
        var tag = await StrongTagAsync(server);
        Assert.Equal((HttpStatusCode.PartialContent, "version"), await RangeAsync(server, 6, new RangeConditionHeaderValue(tag)));

        // Another file under its name, with the same length and the same time: reproducible builds have such.
        Replace(file, "other version");
        Assert.Equal((HttpStatusCode.OK, "other version"), await RangeAsync(server, 6, new RangeConditionHeaderValue(tag)));
        var other = await StrongTagAsync(server);
        Assert.NotEqual(tag, other);
        Assert.Equal((HttpStatusCode.PartialContent, "version"), await RangeAsync(server, 6, new RangeConditionHeaderValue(other)));

        // A time is not believed to tell versions apart, nor is a weak tag (RFC 9110 §13.1.5).
        Assert.Equal((HttpStatusCode.OK, "other version"), await RangeAsync(server, 6, new RangeConditionHeaderValue(new DateTimeOffset(File.GetLastWriteTimeUtc(file)))));
        Assert.Equal((HttpStatusCode.OK, "other version"), await RangeAsync(server, 6, If: null, raw: "W/" + other));
        // Not satisfiable, and of another version: the condition comes first.
        Assert.Equal((HttpStatusCode.OK, "other version"), await RangeAsync(server, 99, new RangeConditionHeaderValue(tag)));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await RangeAsync(server, 99, new RangeConditionHeaderValue(other))).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_version_with_the_same_inode_length_and_time_has_another_tag(bool isRemoved)
    {
        await using var server = await TestServer.StartAsync();
        var file = Old(server, "first version");
        var (tag, changed) = (await StrongTagAsync(server), await ChangedAsync(server));

        // As `cp -p` and `rsync --inplace -t` do; or the file is removed first, and ext4 gives the inode to the next one.
        if (isRemoved)
        {
            File.Delete(file);
        }

        Old(server, "other version");
        Assert.Equal((HttpStatusCode.OK, "other version"), await RangeAsync(server, 6, new RangeConditionHeaderValue(tag)));
        Assert.NotEqual(tag, await StrongTagAsync(server));
        // A time in If-Unmodified-Since, with which UEFI resumes, tells them apart too.
        using var request = new HttpRequestMessage(HttpMethod.Get, Url) { Headers = { Range = new RangeHeaderValue(6, null), IfUnmodifiedSince = changed } };
        using var answer = await server.Boot.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
    }

    [Fact]
    public async Task If_Match_and_If_None_Match_are_honoured()
    {
        await using var server = await TestServer.StartAsync();
        Old(server, "kernel");
        var tag = await StrongTagAsync(server);
        (string Header, string Value, HttpStatusCode Status)[] cases =
        [
            ("If-None-Match", $"{tag}", HttpStatusCode.NotModified),
            ("If-None-Match", $"\"x\", W/{tag}", HttpStatusCode.NotModified),
            ("If-None-Match", "*", HttpStatusCode.NotModified),
            ("If-None-Match", "\"x\"", HttpStatusCode.OK),
            ("If-Match", $"{tag}", HttpStatusCode.OK),
            ("If-Match", "*", HttpStatusCode.OK),
            ("If-Match", $"W/{tag}", HttpStatusCode.PreconditionFailed),
            ("If-Match", "\"x\"", HttpStatusCode.PreconditionFailed),
            ("If-Unmodified-Since", "Thu, 01 Jan 2026 00:00:00 GMT", HttpStatusCode.PreconditionFailed),
            ("If-Unmodified-Since", $"{await ChangedAsync(server):R}", HttpStatusCode.OK),
            ("If-Unmodified-Since", "yesterday", HttpStatusCode.OK),
        ];
        foreach (var (header, value, status) in cases)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Url);
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await server.Boot.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((header, value, status), (header, value, answer.StatusCode));
        }
    }

    [Fact]
    public async Task A_file_that_was_written_this_moment_has_no_strong_tag()
    {
        await using var server = await TestServer.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "images", "discovery", "vmlinuz"), "just now", TestContext.Current.CancellationToken);
        var tag = await TagAsync(server);
        Assert.True(tag.IsWeak);
        Assert.Equal((HttpStatusCode.OK, "just now"), await RangeAsync(server, 5, If: null, raw: tag.ToString()));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task A_download_is_of_one_version_or_breaks(bool isReplaced, bool keepsTime)
    {
        await using var server = await TestServer.StartAsync();
        var file = Old(server, new string('a', 64 << 20));
        using var client = await RawClient.ConnectAsync(server.Boot.BaseAddress!, IPAddress.Loopback, receiveBuffer: 4096);
        await client.SendAsync($"GET {Url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var begin = await client.ReadSomeAsync();
        if (isReplaced)
        {
            Replace(file, new string('b', 64 << 20));
        }
        else
        {
            await File.WriteAllTextAsync(file, new string('b', 64 << 20), TestContext.Current.CancellationToken);
            if (keepsTime)
            {
                File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(50));
            }
        }

        var all = begin + await client.ReadToEndAsync();
        var body = all[(all.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Equal(isReplaced, body.Length == 64 << 20);
        Assert.True(!isReplaced || body.All(one => one == 'a'));
    }

    [Theory]
    [InlineData("bytes=2-", "206 rnel")]
    [InlineData("bytes=-3", "206 nel")]
    [InlineData("bytes=-0", "416 ")]
    [InlineData("bytes=6-", "416 ")]
    [InlineData("bytes=0-99999999999999999999999", "200 kernel")]
    [InlineData("bytes=5-2", "200 kernel")]
    [InlineData("bytes=0-1,3-4", "200 kernel")]
    [InlineData("bytes=--1", "200 kernel")]
    [InlineData("bytes=+1-2", "200 kernel")]
    [InlineData("lines=1-2", "200 kernel")]
    [InlineData("bytes", "200 kernel")]
    public async Task Odd_ranges_are_left_out_of_account(string range, string expected)
    {
        await using var server = await TestServer.StartAsync();
        Old(server, "kernel");
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);
        request.Headers.TryAddWithoutValidation("Range", range);
        using var answer = await server.Boot.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    private static string Old(TestServer server, string content)
    {
        var file = Path.Combine(server.Folder, "images", "discovery", "vmlinuz");
        File.WriteAllText(file, content);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(50));
        return file;
    }

    private static void Replace(string file, string content)
    {
        File.WriteAllText(file + ".new", content);
        File.SetLastWriteTimeUtc(file + ".new", File.GetLastWriteTimeUtc(file));
        File.Move(file + ".new", file, overwrite: true);
    }

    private static async Task<EntityTagHeaderValue> TagAsync(TestServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, Url);
        using var answer = await server.Boot.SendAsync(request, TestContext.Current.CancellationToken);
        return Assert.IsType<EntityTagHeaderValue>(answer.Headers.ETag);
    }

    // A file's tag is strong two seconds after it was changed.
    private static async Task<EntityTagHeaderValue> StrongTagAsync(TestServer server)
    {
        var tag = await TagAsync(server);
        for (var i = 0; i < 300 && tag.IsWeak; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            tag = await TagAsync(server);
        }

        Assert.False(tag.IsWeak);
        return tag;
    }

    private static async Task<DateTimeOffset> ChangedAsync(TestServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, Url);
        using var answer = await server.Boot.SendAsync(request, TestContext.Current.CancellationToken);
        return Assert.NotNull(answer.Content.Headers.LastModified);
    }

    private static async Task<(HttpStatusCode Status, string Body)> RangeAsync(TestServer server, long from, RangeConditionHeaderValue? If, string? raw = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url) { Headers = { Range = new RangeHeaderValue(from, null), IfRange = If } };
        if (raw is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Range", raw);
        }

        using var answer = await server.Boot.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, Encoding.ASCII.GetString(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
    }
}
