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
        var text = tokens.Issue(Of(A));
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
        Assert.True(tokens.TryFind(tokens.Issue(Of(A)), out var token, out _));
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
        Assert.True(tokens.TryFind(tokens.Issue(Of(A)), out var before, out _));
        tokens.Spend(A);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.True(tokens.TryFind(tokens.Issue(Of(A)), out var after, out _));
        Assert.False(tokens.TryFetch(before, "config", out _));
        Assert.True(tokens.TryFetch(after, "config", out _));
    }

    // Whoever asks for scripts of machines that nobody knows, however many and from however many addresses.
    [Theory]
    [InlineData(1)]
    [InlineData(150)]
    [InlineData(30_000)]
    [InlineData(100_000)]
    public void Strangers_take_the_place_of_their_own_tokens(int addresses)
    {
        var tokens = new BootTokens(_clock, TimeSpan.FromHours(1));
        var known = tokens.Issue(Of(A) with { IsKnown = true });
        var shared = tokens.Issue(new BootTokenOwner(new Ipv4(0x0B000000), SerialOf("b")) { IsKnown = true });
        var unknown = tokens.Issue(Of(SerialOf("new")));
        for (var i = 0; i < 200_000; i++)
        {
            tokens.Issue(new BootTokenOwner(new Ipv4(0x0B000000 + (uint)(i % addresses)), SerialOf("x")));
        }

        Assert.True(tokens.TryFind(known, out _, out _));
        Assert.True(tokens.TryFind(shared, out _, out _));
        // With more addresses than there are tokens nobody has more than another, and any may go.
        Assert.True(addresses > BootTokenShares.MostOfStrangers || tokens.TryFind(unknown, out _, out _));
        Assert.Equal(2 + Math.Min(BootTokenShares.MostOfStrangers, 1 + (addresses * BootTokenShares.MostPerStranger)), tokens.Save().Tokens.Count);
    }

    [Fact]
    public void Who_asks_in_a_machines_name_drives_out_neither_the_token_of_its_config_nor_that_of_its_own_address()
    {
        var tokens = new BootTokens(_clock, TimeSpan.FromHours(1));
        var installing = tokens.Issue(Of(A) with { IsKnown = true });
        Assert.True(tokens.TryFind(installing, out var token, out _) && tokens.TryFetch(token, "the config", out _));
        var booting = tokens.Issue(Of(A) with { IsKnown = true, HasItsAddress = true });
        var elsewhere = tokens.Issue(new BootTokenOwner(new Ipv4(0x0A000009), A) { IsKnown = true });
        for (var i = 0; i < 5000; i++)
        {
            _clock.Pass(TimeSpan.FromMilliseconds(1));
            tokens.Issue(new BootTokenOwner(new Ipv4(0x0B000001), A) { IsKnown = true });
        }

        Assert.True(tokens.TryFind(elsewhere, out _, out _));
        for (var i = 0; i < 5000; i++)
        {
            tokens.Issue(new BootTokenOwner(new Ipv4(0x0B000000 + (uint)i), A) { IsKnown = true });
        }

        Assert.True(tokens.TryFind(installing, out _, out _));
        Assert.True(tokens.TryFind(booting, out _, out _));
        Assert.Equal(BootTokenShares.MostPerMachine, tokens.Save().Tokens.Count);
    }

    [Fact]
    public void A_stranger_whose_facts_came_in_is_no_stranger_any_more()
    {
        var tokens = new BootTokens(_clock, TimeSpan.FromHours(1));
        var text = tokens.Issue(new BootTokenOwner(Client));
        Assert.True(tokens.TryFind(text, out var token, out _));
        tokens.Adopt(token, A);
        for (var i = 0; i < 2 * BootTokenShares.MostPerStranger; i++)
        {
            tokens.Issue(new BootTokenOwner(Client));
        }

        Assert.True(tokens.TryFind(text, out _, out _));
        Assert.Equal(1 + BootTokenShares.MostPerStranger, tokens.Save().Tokens.Count);
    }

    // The file is written while machines go on.
    [Fact]
    public void A_fetch_and_an_adoption_are_written_down_and_change_nothing_of_what_was_saved_before()
    {
        var tokens = new BootTokens(_clock, TimeSpan.FromHours(1));
        Assert.True(tokens.TryFind(tokens.Issue(new BootTokenOwner(Client)), out var token, out _));
        var (saved, changes) = (Assert.Single(tokens.Save().Tokens), tokens.Changes);
        Assert.True(tokens.TryFetch(token, "the config", out _));
        Assert.NotEqual(changes, tokens.Changes);
        tokens.Adopt(token, A);
        Assert.Equal((0, false, null), (saved.Given.Count, saved.IsKnown, saved.Machine));
        var later = Assert.Single(tokens.Save().Tokens);
        Assert.Equal((1, true, A), (later.Given["the config"], later.IsKnown, later.Machine));
    }

    [Fact]
    public void What_is_a_day_old_is_forgotten()
    {
        var tokens = new BootTokens(_clock, TimeSpan.FromHours(1));
        tokens.Issue(Of(A) with { IsKnown = true });
        tokens.Issue(new BootTokenOwner(Client));
        _clock.Pass(BootTokens.ReportLifetime + TimeSpan.FromSeconds(1));
        tokens.Issue(Of(A) with { IsKnown = true });
        Assert.Single(tokens.Save().Tokens);
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
                (text, spent) = (tokens.Issue(new BootTokenOwner(Client, odd, mac) { IsKnown = true, HasItsAddress = true }), tokens.Issue(Of(A)));
                Assert.True(tokens.TryFind(text, out var fetched, out _) && tokens.TryFetch(fetched, "the config", out _) && tokens.TryFetch(fetched, "the config", out _));
                tokens.Spend(A);
            }

            Assert.DoesNotContain(text, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            var again = new BootTokens(_clock, TimeSpan.FromHours(1));
            await using (BootTokenFile.Open(file, again, _clock, NullLogger.Instance))
            {
                Assert.True(again.TryFind(text, out var token, out _));
                Assert.Equal((odd, mac, true, true, 2), (token.Machine, token.Mac, token.IsKnown, token.HasItsAddress, token.Given["the config"]));
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
    [InlineData("", 1)]
    [InlineData("nonsense\nmayu-boot-tokens 2\n", 2)]
    [InlineData("mayu-boot-tokens 1\n", 1)]
    [InlineData("mayu-boot-tokens 2\n", 0)]
    [InlineData("mayu-boot-tokens 2\ntoken x y z\ntoken 00 99999999999999999999 1.2.3.4 - - - - \ninstalled\n\0\n", 4)]
    public void A_file_that_is_none_brings_none_and_tells_it(string text, int unread)
    {
        var (state, lines) = BootTokenFile.Parse(text);
        Assert.Empty(state.Tokens);
        Assert.Equal(unread, lines);
    }

    private static BootTokenOwner Of(Serial machine) => new(Client, machine);

    private static Serial SerialOf(string text) => Serial.TryParse(text, out var serial, out _) ? serial : throw new InvalidOperationException(text);
}
