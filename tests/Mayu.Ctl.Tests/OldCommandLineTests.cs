using System.CommandLine;
using Mayu.Client;
using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Tests;

/// <summary>Command lines of the first mayuctl, as they were typed.</summary>
public sealed class OldCommandLineTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mayu-root-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("--host mayu.example", "https://mayu.example:4080/", false)]
    [InlineData("--port 5080", "https://127.0.0.1:5080/", false)]
    [InlineData("--host 10.0.0.1 --port 443", "https://10.0.0.1/", false)]
    [InlineData("--host fd00::1", "https://[fd00::1]:4080/", false)]
    [InlineData("--no-tls", "http://127.0.0.1:4080/", false)]
    [InlineData("--no-tls --host localhost", "http://localhost:4080/", false)]
    [InlineData("--no-tls --host=10.0.0.1", "http://10.0.0.1:4080/", true)]
    [InlineData("--host 10.0.0.1 --port=4080 --no-tls", "http://10.0.0.1:4080/", true)]
    public void Host_port_and_no_tls_are_a_url(string line, string expected, bool exposesToken)
    {
        var options = OptionsOf(line.Split(' '));

        Assert.True(options.TryGetUrl(out var url));
        Assert.Equal((new Uri(expected), false, exposesToken), (url, options.IsAnonymous, options.ExposesToken));
    }

    [Theory]
    [InlineData("http://10.255.255.254:9", true)]
    [InlineData("http://127.0.0.1:9", false)]
    [InlineData("https://10.255.255.254:9", false)]
    public async Task A_token_that_crosses_a_network_unencrypted_is_warned_of(string server, bool isWarned)
    {
        var run = new CtlRun();
        run.Environment["MAYU_TOKEN"] = "t";

        Assert.NotEqual(ExitCode.Usage, await run.RunAsync("list", "--server", server, "--ca", "system", "--timeout", "1"));

        Assert.Equal(isWarned, run.Error.Contains($"mayuctl: warning: the token crosses the network unencrypted to {server}; use https:// unless the network is trusted\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("list --host x --server https://y", "--host and --server cannot go together")]
    [InlineData("--server https://y --no-tls list", "--no-tls and --server cannot go together")]
    [InlineData("list --port 0", "--port '0' is not a number from 1 to 65535")]
    [InlineData("list --host a/b", "--host 'a/b' is not a host name or an address")]
    public async Task What_makes_no_sense_is_told(string line, string expected)
    {
        var run = new CtlRun();

        Assert.Equal(ExitCode.Usage, await run.RunAsync(line.Split(' ')));

        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--host 127.0.0.1 --port PORT --verbose list --fields=ip,serial,profile,ipmiaddr,providerid,etcdtoken,metadata,coreos,state,lastboot --no-legend")]
    [InlineData("list --verbose --no-legend --fields=ip,serial,profile,ipmiaddr,providerid,etcdtoken,metadata,coreos,state,lastboot --port PORT")]
    public async Task The_old_list_works_with_the_old_columns(string line)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", """
            {"items":[{"serial":"vm-001","internalAddress":"10.0.0.5","profile":"core","bmcAddress":"10.9.0.5","providerId":"p1","metadata":["role=core"],"image":"flatcar-4152",
                       "state":"running","lastBoot":"2026-01-02T11:59:30Z","overrides":{"etcd_token":"6c1f"}}]}
            """);
        var run = CtlRun.Against(api);
        run.Environment.Remove("MAYU_SERVER");

        Assert.Equal(ExitCode.Ok, await run.RunAsync(line.Replace("PORT", api.Port.ToString(), StringComparison.Ordinal).Split(' ')));

        Assert.Equal("10.0.0.5  vm-001  core  10.9.0.5  p1  6c1f  role=core  flatcar-4152  running  2026-01-02T11:59:30Z\n", run.Out);
        Assert.Contains("GET https://127.0.0.1", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("6c1f0a", "PUT /api/v1/machines/vm-001/overrides/etcd_token", """{"value":"6c1f0a"}""", """{"etcd_token":"6c1f0a"}""", "vm-001 has an etcd token of its own: it takes effect at its next installation\n")]
    [InlineData("", "DELETE /api/v1/machines/vm-001/overrides/etcd_token", "", "{}", "vm-001 no longer has an etcd token of its own: it takes effect at its next installation\n")]
    public async Task The_etcd_token_is_an_override(string value, string request, string body, string overrides, string told)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(request, $$"""{"serial":"vm-001","overrides":{{overrides}}}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("set", "vm-001", "etcdtoken", value));

        Assert.Equal((told, body), (run.Out, Assert.Single(api.Requests).Body));
    }

    [Fact]
    public async Task A_machine_reports_that_it_runs_with_its_versions_and_no_token()
    {
        Write("etc/os-release", "# a comment\nNAME=\"Flatcar Container Linux\"\nVERSION=4152.2.0\nVERSION_ID=4152.2.0\nSERIAL=not-this-one\n");
        Write("etc/mayu-env", "SERIAL=vm-001\nexport MAYU_VERSION='0.11'\nINSTALL_ID=i-77\nSECRET=hidden\n");
        Write("etc/yochu-env", "DOCKER_VERSION=1.9.1\nETCD_VERSION=\nFLEET_VERSION = v0.11.5\nbroken\n=x\n");
        Write("proc/sys/kernel/osrelease", "6.6.95-flatcar\n");
        await using var api = await FakeApi.StartAsync();
        api.Answer("POST /callbacks/vm-001/boot_complete", "", 202);
        var run = CtlRun.Against(api);
        run.Root = _root;

        Assert.Equal(ExitCode.Ok, await run.RunAsync("boot-complete", "--update-versions", "--boot-url", api.Url));

        Assert.Equal("vm-001 is reported to run\n", run.Out);
        var request = Assert.Single(api.Requests);
        Assert.Equal("", request.Authorization);
        Assert.Equal(
            """{"InstallId":"i-77","Versions":{"Mayu":"0.11","Docker":"1.9.1","Fleet":"v0.11.5","OS":"Flatcar Container Linux 4152.2.0","Kernel":"6.6.95-flatcar"}}""",
            request.Body);
    }

    [Fact]
    public async Task The_report_goes_to_the_boot_port_of_the_server()
    {
        Write("etc/mayu-env", "SERIAL=vm-001\n");
        var run = new CtlRun { Root = _root };

        Assert.Equal(ExitCode.Unreachable, await run.RunAsync("--host", "127.0.0.7", "--port", "4080", "--no-tls", "boot-complete", "--verbose"));

        Assert.StartsWith("mayuctl: POST http://127.0.0.7:4081/callbacks/vm-001/boot_complete\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_that_is_refused_fails()
    {
        Write("etc/mayu-env", "SERIAL=vm-001\n");
        await using var api = await FakeApi.StartAsync();
        api.Problem("POST /callbacks/vm-001/boot_complete", 409, "The machine's state does not allow it", "it is to be reinstalled");
        var run = CtlRun.Against(api);
        run.Root = _root;

        Assert.Equal(ExitCode.Conflict, await run.RunAsync("boot-complete", "--boot-url", api.Url));

        Assert.Equal("mayuctl: The machine's state does not allow it: it is to be reinstalled\n", run.Error);
    }

    [Fact]
    public async Task A_host_that_does_not_know_its_serial_reports_nothing()
    {
        var run = new CtlRun { Root = _root };

        Assert.Equal(ExitCode.Usage, await run.RunAsync("boot-complete"));

        Assert.Equal("mayuctl: this machine's serial is not known: there is no SERIAL=… in /etc/mayu-env\n", run.Error);
    }

    [Fact]
    public async Task Help_does_not_list_the_old_flags()
    {
        var (root, list) = (new CtlRun(), new CtlRun());

        await root.RunAsync("--help");
        await list.RunAsync("list", "--help");

        Assert.All(new[] { "--host", "--port", "--no-tls", "--verbose" }, flag => Assert.DoesNotContain(flag, root.Out + list.Out, StringComparison.Ordinal));
    }

    private static MayuClientOptions OptionsOf(params string[] words)
    {
        var (root, globals) = (new RootCommand(), new GlobalOptions());
        globals.AddTo(root);
        var parsed = root.Parse(words);
        Assert.Empty(parsed.Errors);
        var console = new CtlConsole
        {
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            In = TextReader.Null,
            IsAttended = false,
            IsTerminal = false,
            Environment = _ => null,
            Time = TimeProvider.System,
        };
        Assert.Null(globals.ClientOptions(parsed, console, out var options));
        return options;
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
