using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Dnsmasq;

/// <summary>States change without a restart, and dnsmasq lives exactly as long as mayu.</summary>
public sealed class DnsmasqLifeTests(DnsmasqFixture wire) : IClassFixture<DnsmasqFixture>
{
    private const int Flips = 40;
    private const string HostsRead = "/dnsmasq/hosts";

    private static readonly string[] Firmware = ["-V", "PXEClient:Arch:00007:UNDI:003001", "-x", "0x5d:0007"];

    [Fact]
    public async Task A_machine_that_runs_hears_nothing_as_firmware_and_gets_a_lease_as_a_system()
    {
        TestNetwork.NeedRoot();

        Assert.Null(await wire.LeaseAsync(MayuServer.RunningMac, ["-t", "1", .. Firmware]));
        Assert.NotNull(await wire.LeaseAsync(MayuServer.RunningMac));

        await wire.WaitAsync(() => wire.Mayu.CountInLog($"{MayuServer.RunningMac} gets no answer: it is running") > 0, "the reason is not told");
        Assert.Contains("Mayu does not answer, so it boots its own disk", await wire.Mayu.ApiAsync("/api/v1/machines/running-1/trace"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_state_reaches_dnsmasq_without_a_restart()
    {
        TestNetwork.NeedRoot();
        var process = wire.DnsmasqId;

        await ChangeAsync("configured");
        Assert.Contains(" file=snponly.efi ", await wire.LeaseAsync(MayuServer.RunningMac, Firmware), StringComparison.Ordinal);
        await ChangeAsync("running");
        Assert.Null(await wire.LeaseAsync(MayuServer.RunningMac, ["-t", "1", .. Firmware]));

        Assert.Equal(process, wire.DnsmasqId);
    }

    [Fact]
    public async Task Nobody_misses_an_answer_while_states_change_and_many_changes_are_few_signals()
    {
        TestNetwork.NeedRoot();
        var (process, reads) = (wire.DnsmasqId, wire.Mayu.CountInLog(HostsRead));
        var changing = Task.Run(
            async () =>
            {
                for (var i = 0; i < Flips; i++)
                {
                    await wire.SetStateAsync("running-1", i % 2 == 0 ? "configured" : "running");
                }
            },
            TestContext.Current.CancellationToken);
        var clients = 0;
        for (; !changing.IsCompleted; clients++)
        {
            // One try: who is not answered at once fails.
            Assert.NotNull(await wire.LeaseAsync($"02:00:00:00:01:{clients % 30:x2}", "-t", "1"));
        }

        await changing;
        Assert.True(clients > 1, $"only {clients} clients asked meanwhile");
        Assert.InRange(wire.Mayu.CountInLog(HostsRead) - reads, 1, Flips);
        Assert.Equal(process, wire.DnsmasqId);
        var hosts = Path.Combine(wire.EngineFolder, "hosts");
        await wire.WaitAsync(() => File.ReadAllText(hosts) == $"{MayuServer.RunningMac},tag:loader,ignore\n", "the last change did not arrive");
        Assert.Null(await wire.LeaseAsync(MayuServer.RunningMac, ["-t", "1", .. Firmware]));
    }

    [Fact]
    public async Task It_runs_as_a_user_without_rights()
    {
        TestNetwork.NeedRoot();

        Assert.Equal("dnsmasq", (await ProgramRun.OrFailAsync("ps", "-o", "user=", "-p", wire.DnsmasqId)).Trim());
    }

    [Fact]
    public async Task A_dnsmasq_that_was_killed_is_started_again_and_leases_are_kept()
    {
        TestNetwork.NeedRoot();
        var lease = await wire.LeaseAsync("02:00:00:00:00:21");
        var (process, starts) = (wire.DnsmasqId, wire.Starts);

        await ProgramRun.OrFailAsync("kill", "-KILL", process);

        await wire.WaitAsync(() => wire.Starts > starts, "it was not started again");
        Assert.Contains("dnsmasq was killed by signal 9; it is restarted", wire.Mayu.Log, StringComparison.Ordinal);
        Assert.NotEqual(process, wire.DnsmasqId);
        Assert.Equal("ready", (await wire.Mayu.ApiAsync("/readyz")).Split('\n')[0]);
        Assert.Equal(lease, await wire.LeaseAsync("02:00:00:00:00:21"));
    }

    [Fact]
    public async Task While_dnsmasq_cannot_start_mayu_is_not_ready_and_says_why()
    {
        TestNetwork.NeedRoot();
        var file = Path.Combine(wire.EngineFolder, "dnsmasq.conf");
        var configuration = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var starts = wire.Starts;
        await File.WriteAllTextAsync(file, "no-such-thing\n", TestContext.Current.CancellationToken);
        try
        {
            await ProgramRun.OrFailAsync("kill", "-KILL", wire.DnsmasqId);
            await wire.WaitAsync(() => wire.Mayu.CountInLog("bad option at line 1 of") > 0, "what dnsmasq said is not told");

            var ready = await wire.Mayu.ApiAsync("/readyz");
            Assert.StartsWith("not ready: dnsmasq exited with code 1: dnsmasq: bad option at line 1 of", ready, StringComparison.Ordinal);
        }
        finally
        {
            await File.WriteAllTextAsync(file, configuration, TestContext.Current.CancellationToken);
            await wire.WaitAsync(() => wire.Starts > starts, "it was not started again");
        }

        Assert.Equal("ready", (await wire.Mayu.ApiAsync("/readyz")).Split('\n')[0]);
    }

    [Fact]
    public async Task An_interface_that_was_made_anew_is_served_again()
    {
        TestNetwork.NeedRoot();
        var starts = wire.Starts;

        await wire.MakeInterfaceAnewAsync();

        await wire.WaitAsync(() => wire.Starts > starts, "dnsmasq was not started again");
        Assert.NotNull(await wire.LeaseAsync("02:00:00:00:00:23"));
        Assert.Equal("ready", (await wire.Mayu.ApiAsync("/readyz")).Split('\n')[0]);
    }

    [Fact]
    public async Task A_mayu_that_is_killed_takes_dnsmasq_with_it_and_the_next_one_works()
    {
        TestNetwork.NeedRoot();
        var process = wire.DnsmasqId;

        await wire.Mayu.StopAsync("KILL");

        // The kernel ends it; it is gone, or a zombie without a command line until somebody looks after it.
        for (var i = 0; i < 200 && CommandLineOf(process).Length > 0; i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Empty(CommandLineOf(process));
        await wire.StartAsync();
        Assert.NotNull(await wire.LeaseAsync("02:00:00:00:00:22"));
    }

    [Fact]
    public async Task A_mayu_that_is_told_to_end_takes_dnsmasq_with_it()
    {
        TestNetwork.NeedRoot();
        var process = wire.DnsmasqId;

        await wire.Mayu.StopAsync("TERM");

        Assert.Empty(CommandLineOf(process));
        Assert.False(File.Exists(Path.Combine(wire.EngineFolder, "pid")));
        await wire.StartAsync();
    }

    [Fact]
    public async Task A_template_that_dnsmasq_refuses_is_an_error_that_names_file_and_line()
    {
        TestNetwork.NeedRoot();
        var templates = Directory.CreateDirectory(Path.Combine(wire.Folder, "templates")).FullName;
        var data = Path.Combine(wire.Folder, "second");
        await File.WriteAllTextAsync(Path.Combine(templates, "dnsmasq_template.conf"), "port=0\ninterfaec={{ interfaces[0] }}\n", TestContext.Current.CancellationToken);

        var (exitCode, output) = await wire.SecondServerAsync("--set", $"data_dir={data}", "--set", $"templates_dir={templates}");

        Assert.Equal(1, exitCode);
        Assert.Contains($"{data}/dnsmasq/dnsmasq.conf.rejected, line 2: bad option: interfaec=br0", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(data, "dnsmasq", "dnsmasq.conf")));
    }

    [Fact]
    public async Task A_second_mayu_leaves_the_dnsmasq_of_the_first_alone()
    {
        TestNetwork.NeedRoot();
        var process = wire.DnsmasqId;

        var folder = await wire.SecondServerAsync("--set", $"data_dir={wire.Folder}/second", "--set", $"dnsmasq.folder={wire.EngineFolder}");
        var ports = await wire.SecondServerAsync("--set", $"data_dir={wire.Folder}/third");

        Assert.Equal((1, 1), (folder.ExitCode, ports.ExitCode));
        Assert.Contains($"uses {wire.EngineFolder}; give each its own data_dir", folder.Output, StringComparison.Ordinal);
        Assert.Contains("DHCP cannot have port 67/udp on \"br0\"", ports.Output, StringComparison.Ordinal);
        Assert.Equal(process, wire.DnsmasqId);
        Assert.NotEmpty(CommandLineOf(process));
    }

    private async Task ChangeAsync(string state)
    {
        var reads = wire.Mayu.CountInLog(HostsRead);
        await wire.SetStateAsync("running-1", state);
        await wire.WaitAsync(() => wire.Mayu.CountInLog(HostsRead) > reads, "dnsmasq did not read its hosts file again");
    }

    private static byte[] CommandLineOf(string process)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return [];
        }
    }
}
