namespace Mayu.Interop.Tests.Completion;

/// <summary><c>mayuctl completion</c> in real shells, with a person's keys.</summary>
public sealed class ShellCompletionTests(CompletionSite site) : IClassFixture<CompletionSite>
{
    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Tab_completes_commands_options_choices_serials_and_files(string shell)
    {
        await using var screen = await ShellOnScreen.StartAsync(shell, site);

        await screen.CompletesAsync("mayuctl stat", "mayuctl status ");
        await screen.CompletesAsync("mayuctl list --no-l", "mayuctl list --no-legend");
        await screen.CompletesAsync("mayuctl list --state runn", "mayuctl list --state running");
        await screen.CompletesAsync("mayuctl list --state=runn", "mayuctl list --state=running");
        await screen.CompletesAsync("mayuctl status vm", "mayuctl status vm-007");
        await screen.CompletesAsync("mayuctl status 52:54:", "mayuctl status 52:54:00:00:00:99");
        await screen.CompletesAsync("mayuctl list --profile def", "mayuctl list --profile default");
        await screen.CompletesAsync("mayuctl --ca /etc/hostn", "mayuctl --ca /etc/hostname");
        await screen.CompletesAsync("mayuctl --ca=/etc/hostn", "mayuctl --ca=/etc/hostname");

        // A serial is whatever a machine says: the shell gets it quoted, and runs nothing.
        await screen.CompletesAsync("mayuctl status x", @"mayuctl status x\$\(\>pwned\)");
        await screen.PrintsAsync("  " + CompletionSite.Trap);
        Assert.Empty(Directory.GetFiles(screen.Folder, "pwned", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Without_a_server_nothing_is_printed_into_the_line(string shell)
    {
        await using var screen = await ShellOnScreen.StartAsync(shell, site);

        await screen.CompletesAsync("mayuctl --server https://127.0.0.1:9 status vm", "mayuctl --server https://127.0.0.1:9 status vm");
        await screen.CompletesAsync("mayuctl --server https://127.0.0.1:9 stat", "mayuctl --server https://127.0.0.1:9 status");
    }
}
