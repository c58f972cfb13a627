using Mayu.Core.Boot;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tests.Dhcp;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Netboot.Tests.Dnsmasq;

/// <summary>How one dnsmasq is kept running, with a script in its place. The real one is tested by Mayu.Interop.Tests.</summary>
public sealed class DnsmasqSupervisorTests : IAsyncDisposable
{
    private const string Starting = "dnsmasq is starting";

    // It tells its configuration, answers, and tells each SIGHUP, and that it lives.
    private const string Answering = """
        for last; do :; done
        trap 'echo "dnsmasq[7]: told to reload" >&2' HUP
        echo "dnsmasq[7]: runs with ${last##*/}" >&2
        echo "dnsmasq[7]: started, version 2.90 cachesize 150" >&2
        while :; do echo "dnsmasq[7]: alive" >&2; sleep 0.05; done
        """;

    private readonly CancellationTokenSource _stop = new();
    private readonly LogLines _lines = new();
    private readonly FakeDnsmasq _fake;
    private readonly DnsmasqFolder _folder;
    private DnsmasqSupervisor? _supervisor;
    private Task _running = Task.CompletedTask;

    public DnsmasqSupervisorTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: the program that starts dnsmasq gives it three rights");
        _fake = new FakeDnsmasq(Answering);
        _folder = new DnsmasqFolder(Path.Combine(_fake.Folder, "engine"));
        Directory.CreateDirectory(_folder.Path);
    }

    [Fact]
    public async Task It_is_in_trouble_until_it_answers_and_ends_when_it_is_told_to()
    {
        var supervisor = Supervisor();
        Assert.Equal(Starting, supervisor.Trouble);
        Run();
        await Eventually.TrueAsync(() => supervisor.Trouble is null);
        var id = ProcessId();
        Assert.True(IsAlive(id));

        await EndAsync();

        Assert.False(IsAlive(id));
        Assert.False(File.Exists(_folder.ProcessId));
        Assert.DoesNotContain(_lines.Texts, line => line.Contains("it is restarted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_ends_is_told_of_with_what_it_said_last_and_started_again()
    {
        _fake.Change("echo 'dnsmasq: failed to create listening socket' >&2\nexit 2\n");
        var supervisor = Supervisor();
        Run();
        const string Trouble = "dnsmasq exited with code 2: dnsmasq: failed to create listening socket; it is being restarted";
        await Eventually.TrueAsync(() => supervisor.Trouble == Trouble);

        _fake.Change(Answering);
        await Eventually.TrueAsync(() => supervisor.Trouble is null);
    }

    [Fact]
    public async Task Each_time_that_it_ends_the_pause_is_twice_as_long()
    {
        _fake.Change("exit 1\n");
        Supervisor();
        Run();

        await Eventually.TrueAsync(() => Ends().Count() >= 4);

        Assert.Equal(
            ["dnsmasq exited with code 1; it is restarted in 0.1 s", "dnsmasq exited with code 1; it is restarted in 0.2 s", "dnsmasq exited with code 1; it is restarted in 0.4 s", "dnsmasq exited with code 1; it is restarted in 0.8 s"],
            Ends().Take(4));
    }

    [Fact]
    public async Task One_that_was_killed_is_told_of_with_the_signal()
    {
        var supervisor = Supervisor();
        Run();
        await Eventually.TrueAsync(() => supervisor.Trouble is null);
        var first = ProcessId();
        Kill(first, "KILL");

        await NextAsync(supervisor, first);

        Assert.Equal(["dnsmasq was killed by signal 9; it is restarted in 0.1 s"], Ends());
    }

    [Fact]
    public async Task It_is_signalled_to_reload_at_once_where_it_answers()
    {
        var supervisor = Supervisor();
        Run();
        await Eventually.TrueAsync(() => supervisor.Trouble is null);
        Assert.Equal(0, Reloads());

        supervisor.Reload();

        await Eventually.TrueAsync(() => Reloads() == 1);
    }

    // Before it has set up how it takes the signal, it would end by it.
    [Fact]
    public async Task A_reload_that_comes_before_it_answers_waits_until_it_does_and_is_done_once()
    {
        var supervisor = Supervisor();
        supervisor.Reload();
        Run();
        await Eventually.TrueAsync(() => Reloads() == 1);
        var first = ProcessId();
        Kill(first, "KILL");
        await NextAsync(supervisor, first);
        var lines = _lines.All.Count;
        await Eventually.TrueAsync(() => _lines.All.Count > lines + 5);

        Assert.Equal(1, Reloads());
        Assert.Single(Ends());
    }

    [Fact]
    public async Task Another_configuration_takes_the_place_at_once_and_that_is_no_failure()
    {
        var supervisor = Supervisor();
        Run();
        await Eventually.TrueAsync(() => supervisor.Trouble is null);
        Assert.Contains("dnsmasq[7]: runs with dnsmasq.conf", _lines.Texts);

        supervisor.Use(_folder.ConfigurationOf(isProxy: true));
        Assert.Equal(Starting, supervisor.Trouble);
        await Eventually.TrueAsync(() => supervisor.Trouble is null);

        Assert.Contains("dnsmasq[7]: runs with dnsmasq-proxy.conf", _lines.Texts);
        Assert.Empty(Ends());
    }

    [Fact]
    public async Task One_that_somebody_stopped_is_ended_and_one_that_runs_is_left_alone()
    {
        var supervisor = Supervisor();
        Run();
        await Eventually.TrueAsync(() => supervisor.Trouble is null);
        var first = ProcessId();
        supervisor.EndIfStopped();
        Assert.True(IsAlive(first));

        Kill(first, "STOP");
        await Eventually.TrueAsync(() => Orphan.IsStopped(first));
        supervisor.EndIfStopped();

        await NextAsync(supervisor, first);
        Assert.Single(Ends());
    }

    [Fact]
    public async Task One_that_does_not_end_when_it_is_told_to_is_killed()
    {
        _fake.Change("trap '' TERM\n" + Answering);
        var supervisor = Supervisor();
        Run();
        await Eventually.TrueAsync(() => supervisor.Trouble is null);
        var id = ProcessId();

        await EndAsync();

        Assert.False(IsAlive(id));
    }

    [Fact]
    public async Task A_file_that_it_cannot_read_is_trouble_until_it_has_read_one()
    {
        _fake.Change("""
            trap 'echo "dnsmasq-dhcp[7]: read /some/hosts" >&2' HUP
            echo "dnsmasq[7]: started, version 2.90 cachesize 150" >&2
            echo "dnsmasq-dhcp[7]: cannot read /some/hosts: Permission denied" >&2
            while :; do sleep 0.05; done
            """);
        var supervisor = Supervisor();
        Run();
        await Eventually.TrueAsync(() => supervisor.Trouble == "dnsmasq cannot read /some/hosts: Permission denied");

        supervisor.Reload();

        await Eventually.TrueAsync(() => supervisor.Trouble is null);
    }

    [Fact]
    public async Task A_program_that_is_gone_is_tried_again()
    {
        var supervisor = Supervisor();
        File.Delete(_fake.Path);
        Run();
        await Eventually.TrueAsync(() => supervisor.Trouble!.EndsWith("; it is being restarted", StringComparison.Ordinal));

        _fake.Change(Answering);

        await Eventually.TrueAsync(() => supervisor.Trouble is null);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stop.Dispose();
        _lines.Dispose();
        _fake.Dispose();
    }

    private static bool IsAlive(int id) => Directory.Exists($"/proc/{id}");

    private static void Kill(int id, string signal)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{id}"]);
        kill.WaitForExit();
    }

    private DnsmasqSupervisor Supervisor()
    {
        Assert.True(DnsmasqProgram.TryFind(new DnsmasqSettings { Program = _fake.Path, User = "nobody", Folder = _folder.Path }, out var program, out var problem), problem);
        var cluster = new FakeCluster();
        var log = new DnsmasqLog(
            _folder.Tftp, cluster, new BootTrace(TimeProvider.System), new ClientTable(cluster, TimeProvider.System), NullLogger<DnsmasqLog>.Instance);
        return _supervisor = new DnsmasqSupervisor(
            program, _folder, _folder.ConfigurationOf(isProxy: false), log, TimeProvider.System, new Logger<DnsmasqSupervisor>(new LoggerFactory([_lines])));
    }

    private void Run() => _running = _supervisor!.RunAsync(_stop.Token);

    private async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
    }

    private Task NextAsync(DnsmasqSupervisor supervisor, int former) =>
        Eventually.TrueAsync(() => supervisor.Trouble is null && ProcessId() is not 0 and var next && next != former);

    /// <returns>0: there is none at the moment.</returns>
    private int ProcessId()
    {
        try
        {
            return int.Parse(File.ReadAllText(_folder.ProcessId), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private int Reloads() => _lines.Texts.Count(line => line.EndsWith("told to reload", StringComparison.Ordinal));

    private IEnumerable<string> Ends() => _lines.Texts.Where(line => line.Contains("it is restarted in", StringComparison.Ordinal));
}
