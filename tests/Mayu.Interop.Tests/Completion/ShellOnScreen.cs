using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Completion;

/// <summary>An interactive shell in a terminal of tmux, in which keys are pressed and the screen is read.</summary>
internal sealed class ShellOnScreen : IAsyncDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly string _host;
    private readonly string _socket;

    private ShellOnScreen(string host, string folder) => (_host, Folder, _socket) = (host, folder, Path.Combine(folder, "tmux"));

    /// <summary>Where the shell is, and its home.</summary>
    public string Folder { get; }

    /// <summary>Starts a shell that has loaded the completion for mayuctl.</summary>
    public static async Task<ShellOnScreen> StartAsync(string shell, CompletionSite site)
    {
        var screen = new ShellOnScreen(site.Host, Directory.CreateTempSubdirectory("mayu-shell-").FullName);
        var (start, load) = shell switch
        {
            "bash" => ("bash --norc --noprofile -i", "source <(mayuctl completion bash)"),
            "zsh" => ("zsh -f -i", "autoload -U compinit; compinit -u -D; source <(mayuctl completion zsh)"),
            _ => ("fish --no-config -i", "mayuctl completion fish | source"),
        };
        var keys = Path.Combine(site.Mayu.Data, "keys");
        await screen.TmuxAsync(
            "-f", "/dev/null", "new-session", "-d", "-x", "150", "-y", "50", "-c", screen.Folder,
            // tmux has a PATH of its own.
            $"env PATH={AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")} HOME={screen.Folder} "
                + $"MAYU_CA={keys}/ca.pem MAYU_TOKEN_FILE={keys}/operator-token MAYU_SERVER=https://127.0.0.1:4080 {start}");
        await screen.TypeAsync($"mayuctl completion {shell} > /dev/null && echo load''ed; {load}");
        await screen.PressAsync("Enter");
        Assert.True(await screen.ShowsAsync("loaded", TimeSpan.FromSeconds(30)), await screen.ReadAsync());
        return screen;
    }

    /// <summary>Types a line and presses Tab until the line is complete. A busy machine may be too slow for the first time.</summary>
    public async Task CompletesAsync(string typed, string expected)
    {
        for (var tries = 0; tries < 3; tries++)
        {
            // Nothing of the earlier lines stays on the screen; Ctrl-U empties the line.
            await PressAsync("C-u", "C-l");
            await Task.Delay(Glance, TestContext.Current.CancellationToken);
            await TypeAsync(typed);
            await PressAsync("Tab");
            if (await ShowsAsync(expected, TimeSpan.FromSeconds(6)))
            {
                return;
            }
        }

        Assert.Fail($"'{typed}' did not become '{expected}':\n{await ReadAsync()}");
    }

    /// <summary>Presses Enter and waits for a text.</summary>
    public async Task PrintsAsync(string expected)
    {
        await PressAsync("Enter");
        Assert.True(await ShowsAsync(expected, TimeSpan.FromSeconds(20)), await ReadAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await TestNetwork.TryAsync(_host, "tmux", "-S", _socket, "kill-server");
        Directory.Delete(Folder, recursive: true);
    }

    private Task<string> TypeAsync(string text) => TmuxAsync("send-keys", "-l", text);

    private Task<string> PressAsync(params string[] keys) => TmuxAsync(["send-keys", .. keys]);

    private Task<string> ReadAsync() => TmuxAsync("capture-pane", "-p", "-J");

    private async Task<bool> ShowsAsync(string text, TimeSpan patience)
    {
        for (var waited = TimeSpan.Zero; waited < patience; waited += Glance)
        {
            if ((await ReadAsync()).Contains(text, StringComparison.Ordinal))
            {
                return true;
            }

            await Task.Delay(Glance, TestContext.Current.CancellationToken);
        }

        return false;
    }

    private Task<string> TmuxAsync(params string[] arguments) => TestNetwork.RunAsync(_host, ["tmux", "-S", _socket, .. arguments]);
}
