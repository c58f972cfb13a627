using LibGit2Sharp;

namespace Mayu.Hostile.Tests;

/// <summary>A cluster directory that is not there, or is another one, beside the keys and leases of before.</summary>
public sealed class LostClusterTests
{
    public static TheoryData<bool> Kinds => [true, false];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_empty_cluster_directory_beside_old_keys_begins_nothing(bool hasHistory)
    {
        using var place = new WholeServer();
        await place.RunAsync(hasHistory: hasHistory);
        Directory.Move(place.Cluster, place.Cluster + ".unmounted");

        Assert.Contains("--new-cluster", await place.RefusedAsync(hasHistory), StringComparison.Ordinal);
        Assert.False(Directory.Exists(place.Cluster));
        Directory.CreateDirectory(Path.Combine(place.Cluster, "lost+found"));
        await File.WriteAllTextAsync(Path.Combine(place.Cluster, "notes.txt"), "the disk of the cluster belongs here", TestContext.Current.CancellationToken);
        var refused = await place.RefusedAsync(hasHistory);
        Assert.Contains("is a disk not mounted?", refused, StringComparison.Ordinal);
        Assert.Contains(place.Cluster, refused, StringComparison.Ordinal);
        Assert.Contains("has no cluster in it", refused, StringComparison.Ordinal);
        Assert.Equal(["lost+found", "notes.txt"], Directory.EnumerateFileSystemEntries(place.Cluster).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        Directory.Delete(place.Cluster, recursive: true);
        Directory.Move(place.Cluster + ".unmounted", place.Cluster);
        await place.RunAsync(hasHistory: hasHistory);
    }

    [Theory]
    [InlineData("keys/ca.pem")]
    [InlineData("dhcp/leases")]
    [InlineData("dnsmasq/run/leases")]
    public async Task What_an_earlier_version_left_is_known_as_a_cluster_s_too(string trace)
    {
        using var place = new WholeServer();
        var file = Path.Combine(place.Folder, trace);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "old", TestContext.Current.CancellationToken);
        Assert.Contains(file, await place.RefusedAsync(), StringComparison.Ordinal);
        Directory.CreateDirectory(place.Cluster);
        await File.WriteAllTextAsync(Path.Combine(place.Cluster, "notes.txt"), "", TestContext.Current.CancellationToken);
        Assert.Contains(file, await place.RefusedAsync(), StringComparison.Ordinal);
        Assert.Equal(["notes.txt"], Directory.EnumerateFileSystemEntries(place.Cluster).Select(Path.GetFileName));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Another_cluster_than_keys_were_made_for_is_refused_until_it_is_meant(bool hasHistory)
    {
        using var place = new WholeServer();
        using var other = new WholeServer();
        await place.RunAsync(hasHistory: hasHistory);
        await other.RunAsync(hasHistory: hasHistory);
        Directory.Delete(place.Cluster, recursive: true);
        Directory.Move(other.Cluster, place.Cluster);

        Assert.Contains("belongs to the cluster", await place.RefusedAsync(hasHistory), StringComparison.Ordinal);
        await place.RunAsync(isNewCluster: true, hasHistory);
        await place.RunAsync(hasHistory: hasHistory);
    }

    [Fact]
    public async Task A_new_cluster_begins_where_an_operator_says_so()
    {
        using var place = new WholeServer();
        await place.RunAsync();
        Directory.Delete(place.Cluster, recursive: true);
        await place.RunAsync(isNewCluster: true);
        await place.RunAsync();
    }

    [Fact]
    public async Task A_clone_is_the_same_cluster_and_so_is_a_directory_that_was_open_without_git()
    {
        using var place = new WholeServer();
        await place.RunAsync();
        Directory.Move(place.Cluster, place.Cluster + ".before");
        Repository.Clone(place.Cluster + ".before", place.Cluster);
        await place.RunAsync();
        await place.RunAsync(hasHistory: false);
        await place.RunAsync();
    }

    [Fact]
    public async Task A_cluster_of_an_earlier_version_opens_as_it_is_and_gets_an_id()
    {
        using var place = new WholeServer();
        await place.RunAsync();
        string[] ids = [Path.Combine(place.Cluster, ".git", "mayu", "cluster-id"), Path.Combine(place.Keys, "cluster-id"), Path.Combine(place.Folder, "dhcp", "cluster-id")];
        var id = await File.ReadAllTextAsync(ids[0], TestContext.Current.CancellationToken);
        Array.ForEach(ids, File.Delete);
        await place.RunAsync();
        Assert.All(ids, file => Assert.Equal(id, File.ReadAllText(file)));
    }

    [Fact]
    public async Task A_first_start_that_failed_keeps_no_later_one_from_starting()
    {
        using var place = new WholeServer();
        // The keys cannot be made.
        await File.WriteAllTextAsync(place.Keys, "", TestContext.Current.CancellationToken);
        await place.RefusedAsync();
        File.Delete(place.Keys);
        await place.RunAsync();
    }
}
