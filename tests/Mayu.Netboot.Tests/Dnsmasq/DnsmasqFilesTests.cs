using Mayu.Netboot.Dnsmasq;

namespace Mayu.Netboot.Tests.Dnsmasq;

/// <summary>The engine's folder, and what is put back there.</summary>
public sealed class DnsmasqFilesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mayu-dnsmasq-").FullName;
    private readonly DnsmasqFolder _folder;

    public DnsmasqFilesTests() => _folder = new DnsmasqFolder(Path.Combine(_root, "engine"));

    [Fact]
    public void The_folder_is_made_open_to_whoever_dnsmasq_runs_as()
    {
        Assert.True(_folder.TryPrepare(user: null, out var problem));

        Assert.Null(problem);
        const UnixFileMode OthersRead = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        Assert.All(
            new[] { _folder.Path, _folder.Tftp, _folder.Run },
            path => Assert.Equal(OthersRead, File.GetUnixFileMode(path) & (OthersRead | UnixFileMode.OtherWrite)));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(_folder.Path, "");

        Assert.False(_folder.TryPrepare(user: null, out var problem));
        Assert.StartsWith($"the folder of the engine dnsmasq, {_folder.Path}, cannot be created: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_above_that_is_closed_to_others_is_named_with_how_to_open_it()
    {
        var inner = Path.Combine(_folder.Path, "not-there-yet");
        Directory.CreateDirectory(_folder.Path);
        File.SetUnixFileMode(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(
            $"{_root} cannot be entered by the user nobody that dnsmasq runs as, which needs {inner}. Allow it: chmod o+x {_root}", DnsmasqFolder.ClosedAbove(inner, "nobody"));

        File.SetUnixFileMode(_root, File.GetUnixFileMode(_root) | UnixFileMode.OtherExecute);
        // Null, unless temporary files are in a private folder.
        Assert.Equal(DnsmasqFolder.ClosedAbove(Path.GetDirectoryName(_root)!, "nobody") is null, DnsmasqFolder.ClosedAbove(inner, "nobody") is null);
    }

    [Fact]
    public void A_configuration_that_was_taken_away_is_put_back_as_it_was()
    {
        var files = Written();
        File.Delete(_folder.ConfigurationOf(isProxy: true));

        Assert.True(files.TryPutBack(isInTrouble: false, out var problem));
        Assert.Null(problem);
        Assert.Equal("of the proxy", File.ReadAllText(_folder.ConfigurationOf(isProxy: true)));
        Assert.Equal("of the server", File.ReadAllText(_folder.ConfigurationOf(isProxy: false)));
    }

    [Fact]
    public void One_that_is_there_is_not_touched_for_an_operator_may_have_edited_it()
    {
        var files = Written();
        File.WriteAllText(_folder.ConfigurationOf(isProxy: false), "edited");

        Assert.True(files.TryPutBack(isInTrouble: false, out _));
        Assert.True(files.TryPutBack(isInTrouble: true, out _));
        Assert.Equal("edited", File.ReadAllText(_folder.ConfigurationOf(isProxy: false)));
    }

    [Fact]
    public void What_dnsmasq_writes_is_opened_again_where_it_is_in_trouble_or_lacks_a_file_and_else_left_alone()
    {
        var files = Written();
        Directory.Delete(_folder.Run);
        Assert.True(files.TryPutBack(isInTrouble: false, out _));
        Assert.False(Directory.Exists(_folder.Run));

        Assert.True(files.TryPutBack(isInTrouble: true, out _));
        Assert.True(Directory.Exists(_folder.Run));

        Directory.Delete(_folder.Run);
        File.Delete(_folder.ConfigurationOf(isProxy: false));
        Assert.True(files.TryPutBack(isInTrouble: false, out _));
        Assert.True(Directory.Exists(_folder.Run));
    }

    [Fact]
    public void What_cannot_be_put_back_is_told()
    {
        var files = Written();
        File.Delete(_folder.ConfigurationOf(isProxy: false));
        Directory.CreateDirectory(_folder.ConfigurationOf(isProxy: false) + ".new");
        Assert.False(files.TryPutBack(isInTrouble: false, out var problem));
        Assert.StartsWith("engine dnsmasq: ", problem, StringComparison.Ordinal);

        Directory.Delete(_folder.Path, recursive: true);
        File.WriteAllText(_folder.Path, "");
        Assert.False(files.TryPutBack(isInTrouble: false, out problem));
        Assert.StartsWith("the folder of the engine dnsmasq, ", problem, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private DnsmasqFiles Written()
    {
        Assert.True(_folder.TryPrepare(user: null, out _));
        File.WriteAllText(_folder.ConfigurationOf(isProxy: false), "of the server");
        File.WriteAllText(_folder.ConfigurationOf(isProxy: true), "of the proxy");
        return new DnsmasqFiles(_folder, user: null, [false, true]);
    }
}
