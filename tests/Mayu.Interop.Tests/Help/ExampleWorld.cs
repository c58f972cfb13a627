using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Help;

/// <summary>
/// A host on which the examples of the help work as they are printed: with `/etc/mayu`, `/var/lib/mayu`, an interface eth1 that machines are on, machines that have
/// a history of months, and a client's host in their network. Files and mounts are its own; it can be put back to what it was.
/// </summary>
internal sealed partial class ExampleWorld : IAsyncDisposable
{
    public const string Machine = "vm-001";

    private const string Serve = "exec mayu serve";

    private const string Boot = "http://10.0.0.1:4081";

    private const string Api = "curl -sSf -o /dev/null --cacert /var/lib/mayu/keys/ca.pem --oauth2-bearer $(cat /var/lib/mayu/keys/operator-token) "
        + "https://10.0.0.1:4080/api/v1/machines/" + Machine;

    private const string Mac = "52:54:00:00:00:01";

    // Months before each time that an example names.
    private const string LongAgo = "1767225600 +0000";

    private const string Configuration = """
        network:
          interface: eth1
          address: 10.0.0.1
          subnet: 10.0.0.0/24
          bootstrap_range: {start: 10.0.0.130, end: 10.0.0.199}
          internal_range: {start: 10.0.0.10, end: 10.0.0.99}
          domain: rack.example
          segments:
            - {interface: eth2, address: 10.2.0.1, subnet: 10.2.0.0/24, bootstrap_range: {start: 10.2.0.130, end: 10.2.0.199}}
        boot: {tokens: optional}
        defaults: {image: lab-os}
        profiles:
          - {name: core, quantity: 3, tags: [role=core]}
          - {name: storage, quantity: 3}
          - {name: edge, quantity: 1, provisioning: cloud-init}
        secrets: [{name: chat, file: /etc/mayu/secrets/chat}]
        webhooks: [{name: chat, url: "http://127.0.0.1:9/", secret: chat, events: [failed], attempts: 1}]
        vars: {swap_size: 1G, motd: hello, ssh_authorized_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me@here]}

        """;

    private readonly TestNetwork _network = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-help-").FullName;
    private string _host = "";
    private string _other = "";
    private RunningProgram? _server;
    private string _changes = "";
    private string _letter = "";

    private ExampleWorld()
    {
    }

    /// <summary>The host of a client in the machines' network; its interface is eth1, too.</summary>
    public string Client { get; private set; } = "";

    /// <summary>A folder with nothing but an old configuration in it.</summary>
    public string EmptyFolder => Path.Combine(_folder, "empty");

    /// <summary>A shell's command with which the machine of the examples asks for its boot script, so that something happens.</summary>
    public static string Knock { get; } = ScriptLine(Machine, Mac) + " -o /dev/null";

    private string Home => Path.Combine(_folder, "home");

    private string Etc => Path.Combine(_folder, "etc");

    private string Data => Path.Combine(_folder, "lib", "mayu");

    private string Seed => Path.Combine(_folder, "seed");

    /// <summary>Makes it, with a server that runs.</summary>
    public static async Task<ExampleWorld> BuildAsync()
    {
        var world = new ExampleWorld();
        try
        {
            await world.PrepareAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command line of a shell there.</summary>
    /// <param name="line">The line.</param>
    /// <param name="host">The host; null: the server's.</param>
    /// <param name="folder">The folder; null: one with what the examples name.</param>
    public Task<(int ExitCode, string Output)> RunAsync(string line, string? host = null, string? folder = null) =>
        TestNetwork.TryAsync(host ?? _host, "bash", "-c", Inside(line, folder ?? Home));

    /// <summary>Runs one that must succeed.</summary>
    public async Task<string> OrFailAsync(string line, string? host = null)
    {
        var (code, output) = await RunAsync(line, host);
        Assert.True(code == 0, $"`{line}` ended with {code}: {output}");
        return output;
    }

    /// <summary>A line as it works here: with changes and a dead letter that there are, and a folder of zsh that is the world's own.</summary>
    public string Mapped(string line)
    {
        var ids = _changes.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return line
            .Replace("91ad03e", ids[0], StringComparison.Ordinal)
            .Replace("75cc184", ids[1], StringComparison.Ordinal)
            .Replace("msg_0123456789abcdef0123456789abcdef", _letter, StringComparison.Ordinal)
            .Replace("/usr/local/share/zsh/site-functions", _folder, StringComparison.Ordinal);
    }

    /// <summary>Puts everything back, and starts the server again.</summary>
    /// <param name="settings">What is set besides: `key=value`.</param>
    public async Task ResetAsync(params string[] settings)
    {
        await StopAsync();
        foreach (var folder in new[] { "lib", "home", "etc/mayu", "empty" })
        {
            var path = Path.Combine(_folder, folder);
            await ProgramRun.OrFailAsync("rm", "-rf", path);
            await ProgramRun.OrFailAsync("cp", "-a", Path.Combine(Seed, folder), path);
        }

        await StartAsync(settings);
    }

    /// <summary>Ends the server.</summary>
    public async Task StopAsync()
    {
        if (_server is { } server)
        {
            await server.StopAsync("TERM");
            _server = null;
        }
    }

    /// <summary>Starts a DHCP server of somebody else in the machines' network.</summary>
    public Task<RunningProgram> StartOtherServerAsync() => OtherServer.StartAsync("dnsmasq", _other, OtherServer.Plain("dnsmasq").Replace("10.77.0.", "10.0.0.", StringComparison.Ordinal), _folder);

    /// <summary>Boots a machine through to its running system, as far as the server sees it.</summary>
    public Task BootAsync(string serial, string mac) => OrFailAsync(string.Join(" && ", BootLines(serial, mac)));

    /// <summary>Puts the machine of the examples back to what it was, whatever was done to it: it runs, with its tags and its override. It gets another address.</summary>
    public Task RenewAsync() => OrFailAsync(string.Join(" && ", [
        // It may have no record.
        $"{{ {Api}?force=true -X DELETE 2> /dev/null || true; }}",
        .. BootLines(Machine, Mac),
        $$"""{{Api}} -X PATCH --json '{"metadata":["role=core","rack=7"],"cabinet":"c7"}'""",
        $$"""{{Api}}/overrides/swap_size -X PUT --json '{"value":"4G"}'""",
    ]));

    /// <summary>Has a step of a boot fail, so that the receiver of a webhook, which is away, has a dead letter.</summary>
    public async Task FailBootAsync()
    {
        await OrFailAsync($$"""curl -sSf --json '{"step":"disk","reason":"it is full"}' {{Boot}}/callbacks/SN-0001/failed""");
        _letter = (await LetterAsync("msg_")).Trim();
    }

    /// <summary>Waits until a message that was sent again is a dead letter again.</summary>
    public Task LetterIsDeadAsync() => LetterAsync(_letter);

    /// <summary>Has another device ask in a machine's name.</summary>
    public Task ClaimAsync(string serial) => RunAsync($"curl -sS --json '{Facts(serial, "52:54:00:00:00:66")}' {Boot}/provisioning-config");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _network.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Facts(string serial, string mac) =>
        $$"""{"Serial":"{{serial}}","NetDevs":[{"Name":"eth0","MacAddress":"{{mac}}"}],"ConnectedNIC":"eth0","Firmware":"uefi","IPMIAddress":"10.0.0.201"}""";

    private static string ScriptLine(string serial, string mac) => $"curl -sSf '{Boot}/ipxebootscript?serial={serial}&mac={mac.Replace(':', '-')}&platform=efi'";

    private static string[] BootLines(string serial, string mac) =>
    [
        ScriptLine(serial, mac),
        RegisterLine(serial, mac),
        $"curl -sSf --json '{{}}' {Boot}/callbacks/{serial}/installed",
        $"curl -sSf --json '{{\"Versions\":{{\"OS\":\"lab-os 1.0\"}}}}' {Boot}/callbacks/{serial}/boot_complete",
    ];

    private static string RegisterLine(string serial, string mac) => $"curl -sSf --json '{Facts(serial, mac)}' {Boot}/provisioning-config";

    private Task<string> LetterAsync(string id) =>
        OrFailAsync($"for i in $(seq 100); do mayuctl webhook dead-letters chat -o name | grep -m 1 {id} && exit; sleep 0.1; done; exit 1");

    // Most programs here live for a moment: a profile of what they run costs them more than it gains. `ip netns exec` gives each process mounts of its own.
    private string Inside(string line, string folder) =>
        $"mount --bind {Etc} /etc && mount --bind {Path.Combine(_folder, "lib")} /var/lib && unset XDG_CONFIG_HOME "
        + $"&& export DOTNET_TieredPGO=0 HOME={Home} PATH={AppContext.BaseDirectory}:$PATH && cd {folder} || exit 98\n{line}";

    private async Task StartAsync(params string[] settings) =>
        _server = await RunningProgram.StartAsync(_host, ": ready", "bash", "-c", Inside(Serve + string.Concat(settings.Select(setting => $" --set {setting}")), Home));

    private async Task PrepareAsync()
    {
        (_host, Client, _other) = (await _network.AddHostAsync("s"), await _network.AddHostAsync("c"), await _network.AddHostAsync("o"));
        await TestNetwork.AddBridgeAsync(_host, "eth1", "10.0.0.1/24");
        await TestNetwork.AddBridgeAsync(_host, "eth2", "10.2.0.1/24");
        await TestNetwork.PlugAsync(Client, "eth1", _host, "eth1");
        await TestNetwork.PlugAsync(_other, "eth0", _host, "eth1");
        await TestNetwork.IpAsync(_other, "address", "add", "10.0.0.2/24", "dev", "eth0");
        await WriteFilesAsync();
        await StartAsync();
        await BootAsync(Machine, Mac);
        await OrFailAsync(RegisterLine("SN-0001", "52:54:00:00:00:02"));
        await OrFailAsync($"mayuctl set {Machine} metadata role=core,rack=7 --reason 'put into rack 7'");
        await OrFailAsync($"mayuctl override {Machine} swap_size 4G");
        await OrFailAsync("mayuctl pin vm-007 --profile core");
        await OrFailAsync("mayuctl pin mac:52:54:00:00:00:07 --profile storage");
        await StopAsync();
        NameServer();
        // Nothing but the times of the commits is another one.
        await OrFailAsync(
            $"cd /var/lib/mayu/cluster && git fast-export --all | sed -E 's/^(author|committer) (.*>) [0-9]+ .*/\\1 \\2 {LongAgo}/' | git fast-import --force --quiet");
        await StartAsync();
        await OrFailAsync($"mayuctl set {Machine} cabinet c7 --reason moved");
        _changes = await OrFailAsync($"mayuctl history {Machine} -o json | jq -r '.[].id[:12]'");
        await StopAsync();
        foreach (var folder in new[] { "lib", "home", "empty" })
        {
            await ProgramRun.OrFailAsync("cp", "-a", Path.Combine(_folder, folder), Path.Combine(Seed, folder));
        }

        await ProgramRun.OrFailAsync("cp", "-a", Path.Combine(Etc, "mayu"), Path.Combine(Seed, "etc", "mayu"));
        await StartAsync();
    }

    private async Task WriteFilesAsync()
    {
        await ProgramRun.OrFailAsync("cp", "-a", "/etc", Etc);
        foreach (var folder in new[] { Home, EmptyFolder, Data, Path.Combine(Etc, "mayu"), Path.Combine(Etc, "bash_completion.d"), Path.Combine(Seed, "etc"), Path.Combine(Home, ".config/mayu") })
        {
            Directory.CreateDirectory(folder);
        }

        foreach (var (file, text) in new[]
        {
            ("etc/hosts", "127.0.0.1 localhost mayu.example lab.example\n"),
            ("etc/mayu-env", $"SERIAL={Machine}\n"),
            ("etc/mayu/secrets/chat", "what the chat room and Mayu know\n"),
            ("lib/mayu/images/discovery/vmlinuz", "kernel"),
            ("lib/mayu/images/discovery/initrd.cpio.gz", "initrd"),
            ("lib/mayu/images/lab-os/install_image.bin.gz", "disk"),
            ("lib/mayu/images/lab-os/image.json", """{"version":"1.0","disk":{"file":"install_image.bin.gz","size":1048576,"sha256":"ZEROS"}}""".Replace("ZEROS", new string('0', 64), StringComparison.Ordinal)),
            ("home/motd.txt", "hello\n"),
            ("empty/old.yaml", "network:\n  bind_addr: 10.0.0.1\n  pxe:\n    enabled: true\n    pxe_interface: { interface_name: eth1, ip_range: { start: 10.0.0.200, end: 10.0.0.250 }, subnet_size: 24 }\n  primary_nic: { ip_range: { start: 10.0.0.31, end: 10.0.0.70 } }\ndefault_flatcar_version: 2905.2.0\n"),
            ("home/.config/mayu/config.yaml", "current: none\ncontexts:\n  none: {}\n  lab: {server: 'https://lab.example:4080', ca: /var/lib/mayu/keys/ca.pem, token_file: /var/lib/mayu/keys/operator-token}\n"),
        })
        {
            var path = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text);
        }

        foreach (var secret in new[] { "home/.config/mayu/config.yaml", "etc/mayu/secrets/chat" })
        {
            File.SetUnixFileMode(Path.Combine(_folder, secret), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        foreach (var (link, target) in new[] { ("ca.pem", "ca.pem"), ("lab.pem", "ca.pem"), ("token", "operator-token"), ("lab-token", "operator-token") })
        {
            File.CreateSymbolicLink(Path.Combine(Home, link), $"/var/lib/mayu/keys/{target}");
        }

        foreach (var folder in new[] { Home, Path.Combine(Etc, "mayu") })
        {
            await CommitAsync(folder, Configuration.Replace("me@here", "you@here", StringComparison.Ordinal), "first");
            await CommitAsync(folder, Configuration, "second");
        }
    }

    private static async Task CommitAsync(string folder, string configuration, string message)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "config.yaml"), configuration);
        await ProgramRun.OrFailAsync("git", "-C", folder, "init", "--quiet", "--initial-branch=main");
        await ProgramRun.OrFailAsync("git", "-C", folder, "add", "config.yaml");
        await ProgramRun.OrFailAsync("git", "-C", folder, "-c", "user.name=me", "-c", "user.email=me@example", "commit", "--quiet", "--message", message);
    }

    // The server's certificate, from its own authority, with the names that examples have.
    private void NameServer()
    {
        var keys = Path.Combine(Data, "keys");
        using var ca = X509Certificate2.CreateFromPemFile(Path.Combine(keys, "ca.pem"), Path.Combine(keys, "ca-key.pem"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mayu", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("mayu.example");
        names.AddDnsName("lab.example");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        names.AddIpAddress(new System.Net.IPAddress([10, 0, 0, 1]));
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.Create(ca, now.AddHours(-1), now.AddYears(1), [1, 2, 3, 4]);
        File.WriteAllText(Path.Combine(keys, "server.pem"), made.ExportCertificatePem());
        File.WriteAllText(Path.Combine(keys, "server-key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A text without what is another one each time: times, ids, durations, and how columns are padded for them.</summary>
    public static string Normalized(string text)
    {
        text = Moment().Replace(text, "TIME");
        text = Hex().Replace(text, "ID");
        text = Size().Replace(text, "SIZE");
        text = Duration().Replace(text, "DURATION");
        text = Ago().Replace(text, "AGO");
        text = Process().Replace(text, "process N");
        return Gap().Replace(text, "  ");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|Z)?)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Moment();

    [GeneratedRegex(@"\b([0-9a-f]{7,8}|[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{40})\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hex();

    [GeneratedRegex(@"\+?\b\d+(\.\d+)? ?(ms|s)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Duration();

    // Of a boot loader: each version has another one.
    [GeneratedRegex(@"\b\d+ bytes\b", RegexOptions.None, 1000)]
    private static partial Regex Size();

    [GeneratedRegex(@"\b\d+[smhd] ago\b", RegexOptions.None, 1000)]
    private static partial Regex Ago();

    [GeneratedRegex(@"process \d+", RegexOptions.None, 1000)]
    private static partial Regex Process();

    [GeneratedRegex("(?<=\\S)  +", RegexOptions.None, 1000)]
    private static partial Regex Gap();
}
