using Mayu.Linux.Tests;

namespace Mayu.Client.Tests;

public sealed class MayuClientOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("mayu:4080")]
    [InlineData("")]
    [InlineData("ftp://mayu/")]
    [InlineData("https://user:password@mayu/")]
    [InlineData("https://mayu/?x=y")]
    public async Task A_url_that_is_none_is_refused(string server)
    {
        var failure = await FailureAsync(new MayuClientOptions { Server = server, Token = "t" });

        Assert.Equal(ApiFailureKind.Settings, failure.Kind);
        Assert.Contains("not the URL of a server", failure.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://10.0.0.1:4080", false, true)]
    [InlineData("http://mayu.example:4080", false, true)]
    [InlineData("http://10.0.0.1:4080", true, false)]
    [InlineData("http://127.0.0.1:4080", false, false)]
    [InlineData("http://localhost:4080", false, false)]
    [InlineData("http://[::1]:4080", false, false)]
    [InlineData("https://10.0.0.1:4080", false, false)]
    [InlineData("no url", false, false)]
    public void A_token_that_would_cross_a_network_unencrypted_is_known_before(string server, bool isAnonymous, bool exposes) =>
        Assert.Equal(exposes, new MayuClientOptions { Server = server, IsAnonymous = isAnonymous, Token = "t" }.ExposesToken);

    [Fact]
    public async Task A_ca_file_that_is_missing_or_none_is_named()
    {
        var missing = Path.Combine(_folder, "missing.pem");
        Assert.Contains(missing, (await FailureAsync(new MayuClientOptions { CaFile = missing, Token = "t" })).Title, StringComparison.Ordinal);

        var empty = await FileAsync("empty.pem", "no certificate");
        Assert.Contains("contains no certificate", (await FailureAsync(new MayuClientOptions { CaFile = empty, Token = "t" })).Title, StringComparison.Ordinal);

        var broken = await FileAsync("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Assert.Contains(broken, (await FailureAsync(new MayuClientOptions { CaFile = broken, Token = "t" })).Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_called_one()
    {
        Assert.Equal("it is a folder; name the file in it", (await FailureAsync(new MayuClientOptions { CaFile = _folder, Token = "t" })).Detail);
        Assert.Equal($"{_folder} is a folder; name the file in it", (await FailureAsync(new MayuClientOptions { CaFile = "system", TokenFile = _folder })).Detail);
    }

    [Fact]
    public async Task A_ca_file_that_this_user_may_not_read_is_not_to_be_copied_to_where_it_is()
    {
        var closed = await FileAsync("ca.pem", "");
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ED);
        File.SetUnixFileMode(closed, UnixFileMode.None);

        var failure = OtherUser.Do(() => FailureAsync(new MayuClientOptions { CaFile = closed, Token = "t" }).GetAwaiter().GetResult());

        Assert.Contains(closed, failure.Title, StringComparison.Ordinal);
        Assert.StartsWith("run this as root or as the service's user on the server, or copy ", failure.Advice, StringComparison.Ordinal);
        Assert.Contains("--ca and --token-file", failure.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_that_is_missing_says_what_to_do()
    {
        var failure = await FailureAsync(new MayuClientOptions { CaFile = "system", TokenFile = Path.Combine(_folder, "missing") });

        Assert.Contains("token cannot be read", failure.Title, StringComparison.Ordinal);
        Assert.Contains("MAYU_TOKEN_FILE", failure.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("two words", "characters")]
    [InlineData("line\r\nX-Evil: 1", "characters")]
    public async Task A_token_that_is_none_is_refused_and_not_shown(string token, string reason)
    {
        var fromFile = await FailureAsync(new MayuClientOptions { CaFile = "system", TokenFile = await FileAsync("token", token) });
        var given = await FailureAsync(new MayuClientOptions { CaFile = "system", Token = token });

        Assert.Contains(reason, fromFile.Detail, StringComparison.Ordinal);
        Assert.Contains(reason, given.Detail, StringComparison.Ordinal);
        Assert.True(token.Length == 0 || !given.ToString().Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public void The_token_is_not_in_the_options_text() =>
        Assert.DoesNotContain("s3cret", new MayuClientOptions { Token = "s3cret" }.ToString(), StringComparison.Ordinal);

    private static async Task<ApiFailure> FailureAsync(MayuClientOptions options) =>
        (await MayuClient.OpenAsync(options, TestContext.Current.CancellationToken)).Failure!;

    private async Task<string> FileAsync(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        return path;
    }
}
