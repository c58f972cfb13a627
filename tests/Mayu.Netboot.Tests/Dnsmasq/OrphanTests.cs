using System.Diagnostics;
using Mayu.Netboot.Dnsmasq;

namespace Mayu.Netboot.Tests.Dnsmasq;

public sealed class OrphanTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DnsmasqFolder _folder = new(Directory.CreateTempSubdirectory("mayu-dnsmasq-").FullName);

    [Fact]
    public async Task A_process_with_our_configuration_that_nobody_watches_over_is_ended()
    {
        using var process = Start($"--conf-file={_folder.ConfigurationOf(isProxy: false)}");
        var orphan = new Orphan(_folder);
        orphan.Remember(process.Id);

        Assert.True(orphan.TryEnd(out _));

        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("--conf-file=/etc/dnsmasq.conf")]
    [InlineData("--conf-file=SELF.other")]
    [InlineData("x --conf-file=SELF")]
    public void A_process_that_got_the_number_of_ours_is_left_alone(string argument)
    {
        using var process = Start(argument.Replace("SELF", _folder.ConfigurationOf(isProxy: false), StringComparison.Ordinal));
        var orphan = new Orphan(_folder);
        orphan.Remember(process.Id);

        Assert.True(orphan.TryEnd(out _));

        Assert.False(process.HasExited);
        process.Kill();
    }

    [Theory]
    [InlineData("")]
    [InlineData("0\n")]
    [InlineData("1\n")]
    [InlineData("-1\n")]
    [InlineData("nonsense")]
    [InlineData("999999999\n")]
    public void A_file_that_names_no_process_ends_none(string text)
    {
        File.WriteAllText(_folder.ProcessId, text);

        Assert.True(new Orphan(_folder).TryEnd(out _));
    }

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    // It waits for a line that never comes; what it is called with is all that is looked at.
    private static Process Start(string argument) => Process.Start(new ProcessStartInfo("sh", ["-c", "read line", "dnsmasq", argument])
    {
        RedirectStandardInput = true,
        UseShellExecute = false,
    })!;
}
