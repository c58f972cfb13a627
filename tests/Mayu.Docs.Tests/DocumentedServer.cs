using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Mayu.Docs.Tests;

/// <summary>
/// A server that was installed, configured and started as docs/getting-started.md says, with one machine that runs. The
/// folders that the page names lie below a folder of the test, and eth1 is loopback in a network of its own.
/// </summary>
public sealed partial class DocumentedServer : IAsyncLifetime
{
    private static readonly string[] MappedFolders = ["/etc/mayu", "/var/lib/mayu", "/opt/mayu", "/usr/local/bin"];

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-docs-").FullName;
    private readonly StringBuilder _said = new();
    private string[]? _way;
    private Process? _server;

    private string Log
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>The folder that the pages call `/var/lib/mayu`.</summary>
    public string DataFolder => $"{_folder}/var/lib/mayu";

    /// <summary>False where this machine gives nobody a network of his own.</summary>
    public bool IsPossible => _way is not null;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _way = await PrivateNetwork.FindWayAsync();
        if (_way is null)
        {
            return;
        }

        foreach (var folder in MappedFolders)
        {
            Directory.CreateDirectory(_folder + folder);
        }

        foreach (var command in DocumentedCommands.All.Where(DocumentedCommands.Installs))
        {
            var said = await Programs.RunAsync("bash", ["-c", Mapped(command)], _folder);
            Assert.True(said.ExitCode == 0, $"`{command}` ended with {said.ExitCode}: {said.Errors}");
        }

        var example = Repository.Page("docs/getting-started.md").Blocks.Single(block => block.Language == "yaml").Text;
        // As the page says: the reader's own key.
        example = example.Replace("AAAA-put-your-own-key-here", "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f", StringComparison.Ordinal);
        File.WriteAllText($"{_folder}/etc/mayu/config.yaml", example);
        File.WriteAllText($"{_folder}/config.yaml", example);
        LayImagesDown();
        await StartAsync();
        WriteCurlFile();
        await BootMachineAsync("vm-001");
    }

    /// <summary>Runs a documented command as it stands in the page.</summary>
    internal Task<Said> RunAsync(string command) =>
        Programs.RunAsync("nsenter", PrivateNetwork.Enter(_way!, _server!.Id, Mapped(command)), _folder, environment: Environment());

    /// <summary>Runs commands in a terminal of tmux.</summary>
    /// <returns>What each printed there.</returns>
    internal async Task<IReadOnlyList<string>> ScreensAsync(IReadOnlyList<string> commands, int width)
    {
        const string Mark = "=====";
        var socket = $"{_folder}/tmux-{Guid.NewGuid():N}";
        var (ended, screen) = ($"{socket}-ended", $"{socket}-screen");
        // The window ends when what waits in it ends: after the screen was read.
        var inside = string.Concat(commands.Select(command => $"{command}; echo {Mark}; ")) + $"touch {ended}; sleep 20";
        await RunAsync($"tmux -S {socket} -f /dev/null new-session -d -x {width} -y 400 \"{inside}\"");
        try
        {
            await RunAsync($"for i in $(seq 600); do [ -e {ended} ] && break; sleep 0.05; done; tmux -S {socket} capture-pane -p -J > {screen}");
            var text = await File.ReadAllTextAsync(screen, TestContext.Current.CancellationToken);
            return text.Split(Mark)[..^1];
        }
        finally
        {
            await RunAsync($"tmux -S {socket} kill-server");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false } server)
        {
            server.Kill();
            await server.WaitForExitAsync();
        }

        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // The defaults that the pages speak of, in the test's folder.
    private Dictionary<string, string> Environment() => new(StringComparer.Ordinal)
    {
        ["PATH"] = $"{_folder}/usr/local/bin:{System.Environment.GetEnvironmentVariable("PATH")}",
        ["HOME"] = _folder,
        ["MAYU_CONFIG"] = $"{_folder}/etc/mayu/config.yaml",
        ["MAYU_DATA_DIR"] = $"{_folder}/var/lib/mayu",
        ["MAYU_NETWORK_INTERFACE"] = "lo",
        ["MAYU_CA"] = $"{_folder}/var/lib/mayu/keys/ca.pem",
        ["MAYU_TOKEN_FILE"] = $"{_folder}/var/lib/mayu/keys/operator-token",
    };

    private string Mapped(string command) => MappedFolders.Aggregate(
        Published().Replace(command, match => Programs.FolderOf(match.Groups[1].Value)),
        (text, folder) => Regex.Replace(text, $"(?<= ){folder}(?=[/ ]|$)", _folder + folder));

    private void LayImagesDown()
    {
        foreach (var (image, file, text) in new[]
        {
            ("discovery", "vmlinuz", "kernel"),
            ("discovery", "initrd.cpio.gz", "initrd"),
            ("lab-os", "install_image.bin.gz", "disk"),
            ("lab-os", "image.json", Repository.Page("docs/getting-started.md").Blocks.Single(block => block.Language == "json").Text),
        })
        {
            var folder = $"{_folder}/var/lib/mayu/images/{image}";
            Directory.CreateDirectory(folder);
            File.WriteAllText($"{folder}/{file}", text);
        }
    }

    private async Task StartAsync()
    {
        var start = PrivateNetwork.Start(_way!, "mayu serve");
        start.WorkingDirectory = _folder;
        foreach (var (name, value) in Environment())
        {
            start.Environment[name] = value;
        }

        var ready = new TaskCompletionSource();
        _server = Process.Start(start)!;
        _server.EnableRaisingEvents = true;
        _server.Exited += (_, _) => ready.TrySetResult();
        _server.OutputDataReceived += (_, line) => Hear(line.Data, ready);
        _server.ErrorDataReceived += (_, line) => Hear(line.Data, ready);
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.False(_server.HasExited, $"`mayu serve` ended: {Log}");
    }

    private void Hear(string? line, TaskCompletionSource ready)
    {
        lock (_said)
        {
            _said.Append(line).Append('\n');
        }

        if (line?.Contains(": ready,", StringComparison.Ordinal) == true)
        {
            ready.TrySetResult();
        }
    }

    // As docs/api.md says, with the token in its place.
    private void WriteCurlFile()
    {
        var example = Repository.Page("docs/api.md").Blocks.Single(block => block.Before == "<!-- example: curl -->").Text;
        var token = File.ReadAllText($"{_folder}/var/lib/mayu/keys/operator-token").Trim();
        File.WriteAllText($"{_folder}/etc/mayu/curl", example.Replace("/var/lib/mayu", $"{_folder}/var/lib/mayu", StringComparison.Ordinal)
            .Replace("TOKEN", token, StringComparison.Ordinal));
    }

    // What the machine would ask and report, from the boot script to running.
    private async Task BootMachineAsync(string serial)
    {
        var script = await AskAsync("GET", $"/ipxebootscript?serial={serial}&mac=52-54-00-00-00-01&platform=efi", "");
        var token = BootToken().Match(script).Value;
        await AskAsync("POST", "/provisioning-config",
            $$"""{"Serial":"{{serial}}","NetDevs":[{"Name":"eth0","MacAddress":"52:54:00:00:00:01"}],"ConnectedNIC":"eth0","Firmware":"uefi"}""", token);
        await AskAsync("POST", $"/callbacks/{serial}/installed", "", token);
        await AskAsync("POST", $"/callbacks/{serial}/boot_complete", """{"Versions":{"OS":"lab-os 1.0"}}""", token);
    }

    private async Task<string> AskAsync(string method, string path, string body, string token = "")
    {
        var request = $"{method} {path} HTTP/1.1\r\nHost: 10.0.0.1:4081\r\nConnection: close\r\n{(token.Length > 0 ? $"Authorization: Bearer {token}\r\n" : "")}"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        var said = await Programs.RunAsync(
            "nsenter", PrivateNetwork.Enter(_way!, _server!.Id, "exec 3<>/dev/tcp/10.0.0.1/4081; cat >&3; cat <&3"), _folder, request);
        Assert.True(said.Output.StartsWith("HTTP/1.1 20", StringComparison.Ordinal), $"{method} {path}: {said.Output}{said.Errors}\n{Log}");
        return said.Output;
    }

    [GeneratedRegex(@"(?<=/boot/)[0-9a-f]{32}")]
    private static partial Regex BootToken();

    [GeneratedRegex(@"artifacts/publish/([A-Za-z.]+)/release_linux-x64")]
    private static partial Regex Published();
}
