using Mayu.Linux.Tests;
using Mayu.Netboot.Tests;
using Mayu.Server.Configuration;

namespace Mayu.Server.Tests;

/// <summary>Keys, leases and the cluster directory belong together.</summary>
public sealed class ClusterBondTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("mayu-bond-").FullName;
    private readonly MayuConfiguration _configuration;
    private readonly LogLines _lines = new();

    public ClusterBondTests() => _configuration = SmallConfiguration.In(_data);

    public void Dispose()
    {
        Directory.Delete(_data, recursive: true);
        _lines.Dispose();
    }

    [Fact]
    public void The_first_start_finds_nothing_and_begins_a_cluster()
    {
        ClusterBond.DemandCluster(_configuration);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_data));
    }

    [Theory]
    [InlineData("keys/cluster-id")]
    [InlineData("keys/ca.pem")]
    [InlineData("dhcp/cluster-id")]
    [InlineData("dhcp/leases")]
    [InlineData("dnsmasq/run/leases")]
    public void Without_a_cluster_where_something_is_left_of_one_nothing_is_begun(string trace)
    {
        Write(trace);

        var refused = Assert.Throws<StartException>(() => ClusterBond.DemandCluster(_configuration));
        Assert.Contains($"{_configuration.ClusterDirectory} is not there, and {Path.Combine(_data, trace)} is left from a cluster", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("mayu serve --new-cluster", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_told_what_is_in_the_place_of_the_cluster()
    {
        Write("keys/ca.pem");
        Directory.CreateDirectory(_configuration.ClusterDirectory);
        Assert.Contains(" is empty, and ", Assert.Throws<StartException>(() => ClusterBond.DemandCluster(_configuration)).Message, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.Combine(_configuration.ClusterDirectory, "lost+found"));
        Assert.Contains(" has no cluster in it, and ", Assert.Throws<StartException>(() => ClusterBond.DemandCluster(_configuration)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_cluster_is_or_a_new_one_is_meant_all_is_well()
    {
        Write("keys/ca.pem");
        ClusterBond.DemandCluster(_configuration with { BeginsNewCluster = true });

        Directory.CreateDirectory(Path.Combine(_configuration.ClusterDirectory, ".git"));
        ClusterBond.DemandCluster(_configuration);
    }

    [Fact]
    public void Keys_and_leases_are_tied_to_the_cluster_in_folders_of_this_server_alone()
    {
        Tie(_configuration, "one");

        foreach (var folder in new[] { _configuration.KeysDirectory, _configuration.Netboot.LeasesDirectory })
        {
            Assert.Equal("one\n", File.ReadAllText(Path.Combine(folder, "cluster-id")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }

        Tie(_configuration, "one");
        Assert.Empty(_lines.All);
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("dhcp")]
    public void Keys_or_leases_of_another_cluster_are_refused_unless_a_new_one_is_meant(string folder)
    {
        Tie(_configuration, "one");
        File.WriteAllText(Path.Combine(_data, folder, "cluster-id"), "two\n");

        var refused = Assert.Throws<StartException>(() => Tie(_configuration, "one"));
        Assert.StartsWith(
            $"{Path.Combine(_data, folder)} belongs to the cluster two, but the cluster directory {_configuration.ClusterDirectory} has one: ", refused.Message, StringComparison.Ordinal);

        Tie(_configuration with { BeginsNewCluster = true }, "one");
        Tie(_configuration, "one");
        Assert.Equal("one\n", File.ReadAllText(Path.Combine(_data, folder, "cluster-id")));
    }

    [Fact]
    public void An_empty_note_is_none_and_is_written_again()
    {
        Write("keys/cluster-id");

        Tie(_configuration, "one");

        Assert.Equal("one\n", File.ReadAllText(Path.Combine(_configuration.KeysDirectory, "cluster-id")));
    }

    [Fact]
    public void What_cannot_be_noted_is_told_and_the_start_goes_on()
    {
        File.WriteAllText(_configuration.KeysDirectory, "");

        Tie(_configuration, "one");

        Assert.StartsWith($"{_configuration.KeysDirectory}/cluster-id cannot be written: ", Assert.Single(_lines.Texts), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_configuration.Netboot.LeasesDirectory, "cluster-id")));
    }

    [Theory]
    [InlineData("cluster")]
    [InlineData("cluster/.git/objects")]
    [InlineData("keys")]
    [InlineData("keys/cluster-id")]
    [InlineData("dhcp")]
    [InlineData("dhcp/cluster-id")]
    public void Files_that_another_user_left_are_named_with_what_to_do(string closed)
    {
        OpenData();
        Directory.CreateDirectory(Path.Combine(_configuration.ClusterDirectory, ".git", "objects"));
        Tie(_configuration, "one");
        OtherUser.Give(_data);
        OtherUser.Do(() => ClusterBond.DemandReadable(_configuration));

        var path = Path.Combine(_data, closed);
        File.SetUnixFileMode(path, UnixFileMode.None);
        var refused = Assert.Throws<StartException>(() => OtherUser.Do(() => ClusterBond.DemandReadable(_configuration)));
        Assert.StartsWith($"{path} is not readable for the user ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith($": {_data}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(" Run mayu as the user that owns it, or hand it over: chown -R ", refused.Message, StringComparison.Ordinal);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void A_folder_above_those_of_Mayu_is_not_given_away()
    {
        OpenData();
        var above = Directory.CreateDirectory(Path.Combine(_data, "disk"), UnixFileMode.None).FullName;
        var configuration = _configuration with { ClusterDirectory = Path.Combine(above, "cluster"), DataDirectory = Path.Combine(_data, "data") };

        var refused = Assert.Throws<StartException>(() => OtherUser.Do(() => ClusterBond.DemandReadable(configuration)));
        Assert.StartsWith($"{above} is not readable for the user ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("chown -R", refused.Message, StringComparison.Ordinal);
        File.SetUnixFileMode(above, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // Of a folder for temporary files nobody but its owner may read.
    private void OpenData() => File.SetUnixFileMode(_data, (UnixFileMode)0x1ED);

    private void Tie(MayuConfiguration configuration, string clusterId) => ClusterBond.Tie(configuration, clusterId, _lines.CreateLogger("bond"));

    private void Write(string trace)
    {
        var file = Path.Combine(_data, trace);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
    }
}
