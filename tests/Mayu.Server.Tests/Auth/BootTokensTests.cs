using Mayu.Netboot.Tests;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Tests.Auth;

public sealed class BootTokensTests
{
    private static readonly Serial A = SerialOf("a");
    private static readonly Ipv4 Client = new(0x0A000001);

    private readonly StoppedClock _clock = new();

    [Fact]
    public void A_config_is_given_for_the_lifetime_and_reports_are_taken_for_a_day()
    {
        var tokens = new BootTokens(_clock, TimeSpan.FromMinutes(60));
        var text = tokens.Issue(A, null, Client);
        Assert.True(tokens.TryFind(text, out var token, out _));
        _clock.Pass(TimeSpan.FromMinutes(60));
        Assert.True(tokens.TryFetch(token, "config", out _));
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.False(tokens.TryFetch(token, "config", out var problem));
        Assert.Contains("boot.token_lifetime", problem, StringComparison.Ordinal);
        _clock.Pass(TimeSpan.FromHours(22));
        Assert.True(tokens.TryFind(text, out _, out _));
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.False(tokens.TryFind(text, out _, out problem));
        Assert.Contains("more than a day", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_given_thirty_two_times_and_another_one_still()
    {
        var tokens = new BootTokens(_clock, TimeSpan.FromHours(1));
        Assert.True(tokens.TryFind(tokens.Issue(A, null, Client), out var token, out _));
        for (var i = 0; i < BootTokens.MostFetches; i++)
        {
            Assert.True(tokens.TryFetch(token, "config", out _));
        }

        Assert.False(tokens.TryFetch(token, "config", out _));
        Assert.False(tokens.MayFetch(token, "config", out _));
        Assert.True(tokens.TryFetch(token, "user-data", out _));
    }

    [Fact]
    public void What_was_issued_before_the_installation_is_spent_and_what_comes_after_is_not()
    {
        var tokens = new BootTokens(_clock, TimeSpan.FromHours(1));
        Assert.True(tokens.TryFind(tokens.Issue(A, null, Client), out var before, out _));
        tokens.Spend(A);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.True(tokens.TryFind(tokens.Issue(A, null, Client), out var after, out _));
        Assert.False(tokens.TryFetch(before, "config", out _));
        Assert.True(tokens.TryFetch(after, "config", out _));
    }

    [Fact]
    public void One_address_drives_out_its_own_tokens_and_nobody_elses()
    {
        var tokens = new BootTokens(_clock, TimeSpan.FromHours(1));
        var own = tokens.Issue(A, null, Client);
        var first = tokens.Issue(null, null, new Ipv4(0x0A000002));
        for (var i = 0; i < BootTokens.MostTokens + 1; i++)
        {
            tokens.Issue(null, null, new Ipv4(0x0A000002));
        }

        Assert.True(tokens.TryFind(own, out _, out _));
        Assert.False(tokens.TryFind(first, out _, out _));
        Assert.Equal(BootTokens.MostPerClient + 1, tokens.Save().Tokens.Count);
    }

    [Fact]
    public void With_many_addresses_the_oldest_goes()
    {
        var tokens = new BootTokens(_clock, TimeSpan.FromHours(1));
        var first = tokens.Issue(A, null, Client);
        for (var i = 0; i < BootTokens.MostTokens; i++)
        {
            tokens.Issue(null, null, new Ipv4(0x0B000000 + (uint)i));
        }

        Assert.False(tokens.TryFind(first, out _, out _));
        Assert.Equal(BootTokens.MostTokens, tokens.Save().Tokens.Count);
    }

    [Fact]
    public async Task They_outlive_a_restart_and_the_file_holds_none_of_them()
    {
        var folder = Directory.CreateTempSubdirectory("mayu-tokens-").FullName;
        try
        {
            var file = Path.Combine(folder, "boot-tokens");
            Assert.True(MacAddress.TryParse("52:54:00:00:00:01", out var mac));
            Assert.True(Serial.TryParse("100% odd/-", out var odd, out _));
            string text, spent;
            var tokens = new BootTokens(_clock, TimeSpan.FromHours(1));
            await using (BootTokenFile.Open(file, tokens, _clock, NullLogger.Instance))
            {
                (text, spent) = (tokens.Issue(odd, mac, Client), tokens.Issue(A, null, Client));
                tokens.Spend(A);
            }

            Assert.DoesNotContain(text, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            var again = new BootTokens(_clock, TimeSpan.FromHours(1));
            await using (BootTokenFile.Open(file, again, _clock, NullLogger.Instance))
            {
                Assert.True(again.TryFind(text, out var token, out _));
                Assert.Equal((odd, mac), (token.Machine, token.Mac));
                Assert.True(again.TryFind(spent, out var old, out _));
                Assert.False(again.TryFetch(old, "config", out _));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense\nmayu-boot-tokens 1\n")]
    [InlineData("mayu-boot-tokens 1\ntoken x y z\ntoken 00 99999999999999999999 1.2.3.4 - -\ninstalled\n\0\n")]
    public void A_file_that_is_none_brings_none(string text) => Assert.Empty(BootTokenFile.Parse(text).Tokens);

    private static Serial SerialOf(string text) => Serial.TryParse(text, out var serial, out _) ? serial : throw new InvalidOperationException(text);
}
