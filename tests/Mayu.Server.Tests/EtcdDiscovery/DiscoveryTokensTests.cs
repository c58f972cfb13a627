using Mayu.Netboot.Tests;
using Mayu.Primitives;
using Mayu.Server.EtcdDiscovery;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Tests.EtcdDiscovery;

/// <summary>The tokens of etcd clusters that are being born, and what a hostile client cannot do to them.</summary>
public sealed class DiscoveryTokensTests : IDisposable
{
    private static readonly Ipv4 Client = new(0x0A000001);
    private static readonly string Named = new('a', 32);

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-etcd-").FullName;
    private readonly StoppedClock _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_and_its_members_are_the_same_after_a_restart()
    {
        var tokens = Open();
        var text = (await tokens.CreateAsync(5, Client, Cancel))!;
        await PutAsync(tokens, text, "m1", "n1=http://10.0.0.1:2380");
        await PutAsync(tokens, text, "m2", "n2=\"\n\u00e9");
        await tokens.ChangeAsync(text, (token, now) => token.Remove("m1", now), Cancel);

        var again = Open().Find(text)!.Current;
        Assert.Equal((5, 4L, Client), (again.Size, again.Index, again.Client));
        Assert.Equal(new DiscoveryMember("m2", "n2=\"\n\u00e9", 3, 3), Assert.Single(again.Members).Value);
        Assert.Equal("create", again.EventFrom(null, 1)!.Action);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(Store))));
    }

    [Fact]
    public async Task Who_waits_gets_the_change_that_comes_and_who_is_late_the_one_that_came()
    {
        var tokens = Open();
        var text = (await tokens.CreateAsync(null, Client, Cancel))!;
        var watched = tokens.Find(text)!;
        var waiting = watched.WaitAsync(null, 2, TimeSpan.FromHours(1), _clock, Cancel);
        var other = watched.WaitAsync("m2", 2, TimeSpan.FromHours(1), _clock, Cancel);
        await PutAsync(tokens, text, "m1", "v");

        Assert.Equal("m1", (await waiting)!.Member.Name);
        Assert.Equal("m1", (await watched.WaitAsync(null, 1, TimeSpan.FromHours(1), _clock, Cancel))!.Member.Name);
        Assert.False(other.IsCompleted);
        await tokens.RemoveAsync(text, withMembers: true, Cancel);
        Assert.Null(await other);
    }

    [Fact]
    public async Task The_places_of_those_who_wait_are_counted_and_come_back()
    {
        var tokens = Open();
        var watched = tokens.Find((await tokens.CreateAsync(null, Client, Cancel))!)!;
        Assert.All(Enumerable.Range(0, WatchedToken.MostWaiting), _ => Assert.True(watched.TryEnter()));
        Assert.False(watched.TryEnter());
        watched.Leave();
        Assert.True(watched.TryEnter());
    }

    [Fact]
    public async Task One_address_has_its_share_of_tokens_and_an_unused_one_gives_way_after_a_while()
    {
        var tokens = Open();
        var first = (await tokens.CreateAsync(null, Client, Cancel))!;
        await PutAsync(tokens, first, "m1", "v");
        for (var i = 1; i < DiscoveryTokens.MostPerClient; i++)
        {
            Assert.NotNull(await tokens.CreateAsync(null, Client, Cancel));
        }

        Assert.Null(await tokens.CreateAsync(null, Client, Cancel));
        Assert.NotNull(await tokens.CreateAsync(null, new Ipv4(0x0A000002), Cancel));
        _clock.Pass(DiscoveryTokens.Grace);
        Assert.NotNull(await tokens.CreateAsync(null, Client, Cancel));
        Assert.NotNull(tokens.Find(first));
        Assert.Equal(DiscoveryTokens.MostPerClient + 1, Directory.GetFiles(Store).Length);
    }

    [Fact]
    public async Task All_addresses_together_have_a_share_and_what_machines_are_given_is_not_counted()
    {
        var tokens = Open();
        Assert.True(tokens.TryKeep(null, out var own, out _));
        for (var i = 0; i < DiscoveryTokens.MostTokens; i++)
        {
            Assert.NotNull(await tokens.CreateAsync(null, new Ipv4((uint)(i / 8)), Cancel));
        }

        Assert.Null(await tokens.CreateAsync(null, Client, Cancel));
        Assert.True(tokens.TryKeep(Named, out _, out _));
        Assert.Equal(own, Open().TryKeep(null, out var again, out _) ? again : null);
    }

    [Fact]
    public async Task What_nobody_registers_with_goes_after_a_day_and_a_cluster_that_was_born_after_a_month()
    {
        var tokens = Open();
        var (unused, used) = ((await tokens.CreateAsync(null, Client, Cancel))!, (await tokens.CreateAsync(null, Client, Cancel))!);
        Assert.True(tokens.TryKeep(null, out var own, out _));
        await PutAsync(tokens, used, "m1", "v");
        _clock.Pass(DiscoveryTokens.UnusedLifetime + TimeSpan.FromSeconds(1));
        await tokens.CreateAsync(null, Client, Cancel);
        Assert.Equal((null, true), (tokens.Find(unused), tokens.Find(used) is not null));

        _clock.Pass(DiscoveryTokens.Lifetime);
        await tokens.CreateAsync(null, Client, Cancel);
        Assert.Null(tokens.Find(used));
        Assert.NotNull(tokens.Find(own!));
    }

    [Fact]
    public void Mayus_own_token_is_made_once_and_a_named_one_is_made_with_its_name()
    {
        var tokens = Open();
        Assert.True(tokens.TryKeep(null, out var own, out _));
        Assert.True(tokens.TryKeep(Named, out var named, out _));
        Assert.Equal(Named, named);
        Assert.True(Open().TryKeep(null, out var again, out _));
        Assert.Equal(own, again);
        Assert.NotEqual(own, named);
        Assert.Equal(2, Directory.GetFiles(Store).Length);
    }

    [Fact]
    public async Task A_token_that_machines_are_given_is_not_removed_and_its_size_stays()
    {
        var tokens = Open();
        var text = (await tokens.CreateAsync(null, Client, Cancel))!;
        Assert.Null((await tokens.ChangeAsync(text, (token, now) => token.Resize(5, null, now), Cancel))!.Fault);
        Assert.True(tokens.TryKeep(text, out _, out _));
        Assert.Equal(DiscoveryFault.ReadOnly, (await tokens.RemoveAsync(text, withMembers: true, Cancel))!.Fault);
        Assert.Equal(DiscoveryFault.ReadOnly, (await tokens.ChangeAsync(text, (token, now) => token.Resize(7, null, now), Cancel))!.Fault);
        Assert.Equal(5, Open().Find(text)!.Current.Size);
    }

    // With a new one in the place of the unread, machines would form a second cluster.
    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"size":0,"index":1,"created":"2026-01-01T00:00:00Z","changed":"2026-01-01T00:00:00Z","members":[]}""")]
    [InlineData("""{"size":3,"index":1,"created":"2026-01-01T00:00:00Z","changed":"2026-01-01T00:00:00Z","members":[{"name":"../x","value":"v","createdIndex":1,"modifiedIndex":1}]}""")]
    public void While_a_file_cannot_be_read_no_token_is_made_for_machines(string text)
    {
        Directory.CreateDirectory(Store);
        File.WriteAllText(Path.Combine(Store, Named + ".json"), text);
        Assert.False(Open().TryKeep(null, out _, out var problem));
        Assert.Contains("cannot be read", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_is_refused_and_leaves_the_token_as_it_was()
    {
        var tokens = Open();
        var text = (await tokens.CreateAsync(null, Client, Cancel))!;
        // A folder is where the new file would be put.
        Directory.CreateDirectory(Path.Combine(Store, text + ".json.new", "x"));
        await Assert.ThrowsAnyAsync<Exception>(() => PutAsync(tokens, text, "m1", "v"));
        Assert.Empty(tokens.Find(text)!.Current.Members);
        Directory.Delete(Path.Combine(Store, text + ".json.new"), recursive: true);
        Assert.Null((await PutAsync(tokens, text, "m1", "v"))!.Fault);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<DiscoveryOutcome?> PutAsync(DiscoveryTokens tokens, string text, string name, string value) =>
        tokens.ChangeAsync(text, (token, now) => token.Put(name, value, mustExist: false, now), Cancel);

    private string Store => Path.Combine(_folder, "etcd-discovery");

    private DiscoveryTokens Open() => DiscoveryTokens.Open(Store, 3, _clock, NullLogger.Instance);
}
