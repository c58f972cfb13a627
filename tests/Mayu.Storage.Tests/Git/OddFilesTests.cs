using System.Diagnostics;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Tests.Git;

/// <summary>What else may lie where a record belongs: it is named, its machine is served from the history, and all others go on.</summary>
public sealed class OddFilesTests : GitStoreFixture
{
    private static readonly Serial A = Samples.Serial("a");

    private string Outside => Path.Combine(Path.GetDirectoryName(Cluster)!, "outside");

    [Fact]
    public async Task A_record_of_three_gigabytes_is_named_and_not_read()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await using (var file = new FileStream(RecordOf("a"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(3L << 30);
        }

        await NamedAsync(store, "bytes; at most 1048576 are allowed");
        await ChangedAsync(store);
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_a_record_keeps_nobody_waiting()
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await PutPipeAsync();
            await NamedAsync(store, "it is a pipe");
            await ChangedAsync(store);
            await PutPipeAsync();
        }

        await using var again = await OpenAsync();
        Assert.Contains("it is a pipe", Assert.Single(again.Quarantined).Reason, StringComparison.Ordinal);
        await ChangedAsync(again);
    }

    [Fact]
    public async Task A_record_that_is_a_symbolic_link_is_named_and_the_file_that_it_leads_to_is_left_alone()
    {
        Directory.CreateDirectory(Outside);
        var elsewhere = Path.Combine(Outside, "conf.json");
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await File.WriteAllTextAsync(elsewhere, """{"Serial":"a","State":"running"}""", Token);
        File.Delete(RecordOf("a"));
        File.CreateSymbolicLink(RecordOf("a"), elsewhere);
        await NamedAsync(store, "it is a symbolic link");
        Assert.Equal(MachineState.Unknown, store.Current.Find(A)!.State);
        await ChangedAsync(store);
        Assert.Null(new FileInfo(RecordOf("a")).LinkTarget);
        Assert.Equal("""{"Serial":"a","State":"running"}""", await File.ReadAllTextAsync(elsewhere, Token));
    }

    [Fact]
    public async Task Behind_a_folder_that_is_a_symbolic_link_nothing_is_written_or_removed()
    {
        Directory.CreateDirectory(Outside);
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await AddAsync(store, "b");
            Directory.CreateSymbolicLink(Path.Combine(Cluster, "new"), Outside);
            var refused = await AddAsync(store, "new");
            Assert.Contains("symbolic link", refused.Refusal!.Detail, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(Outside));

            // The same file, with the same time, at another place.
            Directory.Move(Path.Combine(Cluster, "a"), Path.Combine(Outside, "a"));
            Directory.CreateSymbolicLink(Path.Combine(Cluster, "a"), Path.Combine(Outside, "a"));
            await Eventually.TrueAsync(() => store.Quarantined.Any(q => q.Name == "a/conf.json"));
            await UntouchedAsync(store);
            Assert.NotNull((await store.ChangeAsync(Samples.Operator, Samples.Count(Samples.Serial("b"), "n"), Token)).Machine);
        }

        await using (var store = await OpenAsync())
        {
            Assert.Contains(store.Quarantined, q => q.Name == "a/conf.json" && q.Reason.Contains("symbolic link", StringComparison.Ordinal));
            await UntouchedAsync(store);
            File.Delete(Path.Combine(Cluster, "new"));
            File.Delete(Path.Combine(Cluster, "a"));
            Directory.Move(Path.Combine(Outside, "a"), Path.Combine(Cluster, "a"));
            await Eventually.TrueAsync(() => store.Quarantined.Count == 0);
            await ChangedAsync(store);
        }
    }

    [Fact]
    public async Task A_record_that_is_put_into_a_new_folder_much_later_is_taken_over()
    {
        await using var store = await OpenAsync();
        Directory.CreateDirectory(Path.Combine(Cluster, "c"));

        // Long enough for the folder's time to be no news any more, and for several looks.
        await Task.Delay(1000, Token);
        await File.WriteAllTextAsync(RecordOf("c"), """{"Serial":"c","State":"running"}""", Token);
        await Eventually.TrueAsync(() => store.Current.Find(Samples.Serial("c"))?.State == MachineState.Running);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_folder_that_is_closed_to_the_servers_user_harms_its_own_machine_alone()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can be another user");
        const string Nobody = "65534";
        await WriterProcess.FillAsync("git", Cluster, 3);
        await RunAsync("chown", "-R", Nobody, Path.GetDirectoryName(Cluster)!);
        await RunAsync("chmod", "000", Path.Combine(Cluster, "machine-00001"));
        var (exitCode, complaint) = await RunAsync("setpriv", ["--reuid", Nobody, "--clear-groups", WriterProcess.Program(), "fill", "git", Cluster, "3"]);

        // It opened, and what it could not do is told; the others were counted up.
        Assert.NotEqual(0, exitCode);
        Assert.Contains("machine-00001 cannot be changed: the server has no permission to write in its folder", complaint, StringComparison.Ordinal);
        await using var store = await OpenAsync();
        Assert.Equal(["2", "1", "2"], store.Current.Machines.OrderBy(m => m.Serial).Select(m => m.Overrides["n"]));
    }

    private static async Task<(int ExitCode, string Complaint)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var complaint = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, complaint);
    }

    private static async Task NamedAsync(MachineStore store, string reason)
    {
        await Eventually.TrueAsync(() => store.Quarantined.Any(q => q.Name == "a/conf.json" && q.Reason.Contains(reason, StringComparison.Ordinal)));
        Assert.NotNull(store.Current.Find(A));
        Assert.Null(store.Trouble);
        Assert.NotNull((await AddAsync(store, Guid.NewGuid().ToString())).Machine);
    }

    private async Task ChangedAsync(MachineStore store)
    {
        Assert.NotNull((await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)).Machine);
        Assert.Empty(store.Quarantined);
        await AssertSoundAsync();
    }

    private async Task UntouchedAsync(MachineStore store)
    {
        var before = await File.ReadAllTextAsync(Path.Combine(Outside, "a", "conf.json"), Token);
        Assert.NotNull(store.Current.Find(A));
        Assert.Equal(RefusalReason.Conflict, (await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)).Refusal?.Reason);
        Assert.Equal(RefusalReason.Conflict, (await store.ChangeAsync(Samples.Operator, Samples.Delete(A), Token)).Refusal?.Reason);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(Outside, "a", "conf.json"), Token));
        Assert.Equal([Path.Combine(Outside, "a")], Directory.EnumerateFileSystemEntries(Outside));
    }

    private async Task PutPipeAsync()
    {
        File.Delete(RecordOf("a"));
        Assert.Equal((0, ""), await RunAsync("mkfifo", RecordOf("a")));
    }
}
