using Mayu.Storage.Folders;
using Mayu.Storage.Git;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Storage.Tests.Git;

/// <summary>A remote follows, and is never in the way.</summary>
public sealed class PushTests : GitStoreFixture
{
    [Fact]
    public async Task Commits_reach_a_remote_some_time_later()
    {
        using var remote = new TemporaryDirectory();
        await GitProgram.RunAsync(remote.Path, "init", "-q", "--bare");
        await using var store = await OpenPushingAsync(remote.Path);
        await AddAsync(store, "a");
        await AddAsync(store, "b");
        var head = await GitAsync("rev-parse", "HEAD");
        await Eventually.TrueAsync(() => store.Push is { CommitsBehind: 0, Error: null } state && state.Commit == head);
        Assert.Equal(head, await GitProgram.RunAsync(remote.Path, "rev-parse", await GitAsync("symbolic-ref", "HEAD")));
    }

    [Fact]
    public async Task A_remote_that_cannot_be_reached_stops_no_change_and_its_password_is_told_nowhere()
    {
        await using var store = await OpenPushingAsync("http://ada:very-secret@127.0.0.1:9/cluster.git");
        await AddAsync(store, "a");
        await Eventually.TrueAsync(() => store.Push?.Error is not null);
        Assert.DoesNotContain("very-secret", store.Push!.Error!, StringComparison.Ordinal);
        Assert.DoesNotContain("ada", store.Push.Error!, StringComparison.Ordinal);
        Assert.Equal(1, store.Push.CommitsBehind);
        Assert.NotNull((await AddAsync(store, "b")).Machine);
        Assert.Null(store.Trouble);
    }

    [Fact]
    public async Task A_remote_that_rejects_is_tried_again_until_it_accepts()
    {
        using var remote = new TemporaryDirectory();
        await GitProgram.RunAsync(remote.Path, "init", "-q", "--bare");
        var hook = remote.File("hooks", "pre-receive");
        await File.WriteAllTextAsync(hook, "#!/bin/sh\necho not today >&2\nexit 1\n", Token);
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var store = await OpenPushingAsync(remote.Path);
        await AddAsync(store, "a");
        await Eventually.TrueAsync(() => store.Push?.Error is not null);
        Assert.Contains("not today", store.Push!.Error!, StringComparison.Ordinal);
        File.Delete(hook);
        await Eventually.TrueAsync(() => store.Push is { CommitsBehind: 0, Error: null });
    }

    private Task<MachineStore> OpenPushingAsync(string remote) => GitStore.OpenAsync(
        Cluster,
        new GitOptions { PushRemote = remote, PushDelay = TimeSpan.FromMilliseconds(50) },
        TimeProvider.System,
        NullLogger<MachineStore>.Instance,
        Token);
}
