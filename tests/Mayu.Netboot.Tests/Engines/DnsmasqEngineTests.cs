using System.Net;
using System.Net.Sockets;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Tests.Dnsmasq;
using static Mayu.Netboot.Tests.Engines.WiredEngine;

namespace Mayu.Netboot.Tests.Engines;

/// <summary>The engine with a script in the place of dnsmasq. What the real one makes of its files is tested by Mayu.Interop.Tests.</summary>
public sealed class DnsmasqEngineTests : IDisposable
{
    private const string Answering = """
        for last; do :; done
        [ "$1" = --test ] && exit 0
        trap 'echo "dnsmasq[7]: told to reload" >&2' HUP
        echo "dnsmasq[7]: runs with ${last##*/}" >&2
        echo "dnsmasq[7]: started, version 2.90 cachesize 150" >&2
        while :; do sleep 0.05; done
        """;

    private readonly WiredEngine _wired;
    private readonly FakeDnsmasq _fake;
    private readonly DnsmasqFolder _folder;

    public DnsmasqEngineTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to make a network namespace");
        _fake = new FakeDnsmasq(Answering);
        _wired = new WiredEngine(_fake.Folder);
        _wired.Settings = _wired.Settings with { Engine = EngineKind.Dnsmasq, Dnsmasq = _wired.Settings.Dnsmasq with { Program = _fake.Path } };
        _folder = new DnsmasqFolder(_wired.Settings.Dnsmasq.Folder);
    }

    [Fact]
    public async Task It_runs_with_the_configuration_that_was_checked_and_ends_with_the_engine()
    {
        int id;
        await using (var engine = Open())
        {
            Assert.Equal("dnsmasq is starting", engine.Trouble);
            _wired.Start(engine);
            await Eventually.TrueAsync(() => engine.Trouble is null);

            Assert.Contains("dnsmasq[7]: runs with dnsmasq.conf", _wired.Lines.Texts);
            Assert.Contains("interface=\"mayu0\"", File.ReadAllText(_folder.ConfigurationOf(isProxy: false)), StringComparison.Ordinal);
            Assert.False(File.Exists(_folder.ConfigurationOf(isProxy: true)));
            Assert.False(File.Exists(_folder.Rejected));
            Assert.Equal((0, 2), (engine.Pools.Single().Leased, engine.Pools.Single().Free));
            Assert.Empty(engine.Remarks);
            Assert.Equal(0, engine.OtherDhcpServers);
            Assert.Null(engine.FindingOn(Nic));
            id = int.Parse(File.ReadAllText(_folder.ProcessId), System.Globalization.CultureInfo.InvariantCulture);
        }

        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    [Fact]
    public async Task What_changes_with_the_machines_is_written_and_read_again()
    {
        await using var engine = Open();
        _wired.Start(engine);
        await Eventually.TrueAsync(() => engine.Trouble is null);
        Assert.Equal("", File.ReadAllText(_folder.HostsOf(isProxy: false)));

        _wired.Machines.Change(PeerMac);

        await Eventually.TrueAsync(() => _wired.Lines.Texts.Any(line => line.EndsWith("told to reload", StringComparison.Ordinal)));
        Assert.Equal($"{PeerMac},tag:loader,ignore\n", File.ReadAllText(_folder.HostsOf(isProxy: false)));
        Assert.Null(engine.Trouble);
    }

    [Fact]
    public async Task Machines_that_it_cannot_be_told_of_are_trouble_told_once_until_it_can()
    {
        await using var engine = Open();
        _wired.Start(engine);
        await Eventually.TrueAsync(() => engine.Trouble is null);
        Directory.CreateDirectory(_folder.HostsOf(isProxy: false) + ".new");

        _wired.Machines.Change(PeerMac);
        await Eventually.TrueAsync(() => engine.Trouble?.StartsWith("the machines cannot be passed to dnsmasq: ", StringComparison.Ordinal) == true);
        await Task.Delay(DnsmasqEngine.Interval * 3, TestContext.Current.CancellationToken);
        Assert.Single(_wired.Lines.Texts, line => line.StartsWith("the machines cannot be passed to dnsmasq", StringComparison.Ordinal));

        Directory.Delete(_folder.HostsOf(isProxy: false) + ".new");
        await Eventually.TrueAsync(() => engine.Trouble is null);
    }

    [Fact]
    public async Task A_configuration_that_was_taken_away_is_put_back()
    {
        await using var engine = Open();
        _wired.Start(engine);
        File.Delete(_folder.ConfigurationOf(isProxy: false));

        await Eventually.TrueAsync(() => File.Exists(_folder.ConfigurationOf(isProxy: false)));
    }

    [Fact]
    public void A_configuration_that_it_refuses_is_kept_for_an_operator_and_takes_no_others_place()
    {
        _fake.Change("""[ "$1" = --test ] && { echo "dnsmasq: bad option at line 1 of x" >&2; exit 1; }""");
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(_folder.ConfigurationOf(isProxy: false), "the former one");

        var refused = Assert.Throws<EngineException>(Open);

        Assert.StartsWith(
            $"engine dnsmasq: the template dnsmasq_template.conf renders a configuration that dnsmasq refuses; {_folder.Rejected}, line 1: bad option: ", refused.Message, StringComparison.Ordinal);
        Assert.Equal("the former one", File.ReadAllText(_folder.ConfigurationOf(isProxy: false)));
        Assert.True(File.Exists(_folder.Rejected));
    }

    [Fact]
    public void What_is_missing_is_named_before_anything_runs()
    {
        var settings = _wired.Settings;
        _wired.Settings = settings with { Dnsmasq = settings.Dnsmasq with { Program = "/nowhere/dnsmasq" } };
        Assert.StartsWith("engine dnsmasq: there is no program /nowhere/dnsmasq", Assert.Throws<EngineException>(Open).Message, StringComparison.Ordinal);

        _wired.Settings = settings with { TftpRoot = "/nowhere/root" };
        Assert.StartsWith("tftp_root is /nowhere/root, but there is no such folder", Assert.Throws<EngineException>(Open).Message, StringComparison.Ordinal);

        _wired.Settings = settings with { Subnets = [new BootSubnet { Interface = "eth77", Network = settings.Network }] };
        Assert.StartsWith("network.segments[].interface: there is no interface \"eth77\"", Assert.Throws<EngineException>(Open).Message, StringComparison.Ordinal);

        File.WriteAllText(_folder.Path + "-file", "");
        _wired.Settings = settings with { Dnsmasq = settings.Dnsmasq with { Folder = _folder.Path + "-file" } };
        Assert.StartsWith("the folder of the engine dnsmasq, ", Assert.Throws<EngineException>(Open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(67, false, "DHCP cannot have port 67/udp")]
    [InlineData(69, false, "TFTP cannot have port 69/udp")]
    [InlineData(4011, false, null)]
    [InlineData(4011, true, "The PXE boot server cannot have port 4011/udp")]
    public async Task A_port_that_another_program_has_is_named_where_it_is_needed(int port, bool isProxy, string? problem)
    {
        _wired.Settings = _wired.Settings with { Dhcp = new DhcpSettings { Mode = isProxy ? DhcpMode.Proxy : DhcpMode.Server } };
        using var other = _wired.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return socket;
        });

        if (problem is null)
        {
            await using var engine = Open();
        }
        else
        {
            Assert.StartsWith(problem, Assert.Throws<EngineException>(Open).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task As_a_proxy_it_gives_no_addresses_and_says_what_it_does_not_answer()
    {
        _wired.Settings = _wired.Settings with { Dhcp = new DhcpSettings { Mode = DhcpMode.Proxy } };
        await using var engine = Open();
        _wired.Start(engine);
        await Eventually.TrueAsync(() => engine.Trouble is null);

        Assert.Contains("dnsmasq[7]: runs with dnsmasq-proxy.conf", _wired.Lines.Texts);
        Assert.False(File.Exists(_folder.ConfigurationOf(isProxy: false)));
        Assert.Empty(engine.Pools);
        Assert.Contains(_wired.Lines.Texts, line => line.StartsWith("As a proxy on mayu0, dnsmasq does not answer UEFI HTTP boot", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_mode_auto_it_is_a_proxy_until_nobody_answers_and_then_a_server()
    {
        _wired.Settings = _wired.Settings with { Dhcp = new DhcpSettings { Mode = DhcpMode.Auto, AutoInterval = TimeSpan.FromSeconds(1) } };
        await using var engine = Open();
        _wired.Start(engine);
        await Eventually.TrueAsync(() => engine.Trouble is null);
        Assert.Empty(engine.Pools);
        Assert.Equal(false, engine.FindingOn(Nic)?.GivesAddresses);
        Assert.Null(engine.FindingOn("lo"));

        await Eventually.TrueAsync(() => engine.FindingOn(Nic)?.GivesAddresses == true);
        await Eventually.TrueAsync(() => _wired.Lines.Texts.Contains("dnsmasq[7]: runs with dnsmasq.conf"));
        await Eventually.TrueAsync(() => engine.Trouble is null);

        Assert.Single(engine.Pools);
        Assert.Equal(
            ["dnsmasq[7]: runs with dnsmasq-proxy.conf", "dnsmasq[7]: runs with dnsmasq.conf"],
            _wired.Lines.Texts.Where(line => line.Contains("runs with", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Where_machines_load_another_loader_tftp_is_this_servers_own()
    {
        _wired.Settings = _wired.Settings with { Pxe = new PxeSettings { Loader = BootLoader.Grub } };
        _wired.Peers.Ip("address add 10.0.0.77/24 dev peer0");
        await using var engine = Open();
        _wired.Start(engine);
        using var client = _wired.Client(0);

        client.SendTo([0, 1, .. "a.efi\0octet\0"u8], new IPEndPoint(Server.ToIPAddress(), 69));
        var data = new byte[600];
        var length = client.Receive(data);

        Assert.Equal([0, 3, 0, 1, .. "a.efi of 10.0.0.77\n"u8], data[..length]);
        Assert.DoesNotContain("enable-tftp", File.ReadAllText(_folder.ConfigurationOf(isProxy: false)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tftp_root_that_dnsmasq_may_not_enter_is_told_of_where_it_serves_tftp()
    {
        var root = Path.Combine(_fake.Folder, "closed", "root");
        Directory.CreateDirectory(root);
        File.SetUnixFileMode(Path.GetDirectoryName(root)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _wired.Settings = _wired.Settings with { TftpRoot = root };
        await using (Open())
        {
            Assert.Contains(_wired.Lines.Texts, line => line.StartsWith($"{Path.GetDirectoryName(root)} cannot be entered by the user nobody", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_address_that_the_interface_has_before_is_told_of()
    {
        await using (Open())
        {
            Assert.DoesNotContain(_wired.Lines.Texts, line => line.Contains(" has the address ", StringComparison.Ordinal));
        }

        Assert.True(_wired.Run(() =>
        {
            using var ip = System.Diagnostics.Process.Start("sh", ["-c", $"ip address flush dev {Nic} && ip address add 10.0.0.9/24 dev {Nic} && ip address add {Server}/24 dev {Nic}"]);
            ip.WaitForExit();
            return ip.ExitCode == 0;
        }));
        await using (Open())
        {
            Assert.Contains(_wired.Lines.Texts, line => line.StartsWith("mayu0 has the address 10.0.0.9 before 10.0.0.1: ", StringComparison.Ordinal));
        }
    }

    public void Dispose()
    {
        _wired.Dispose();
        _fake.Dispose();
    }

    private DnsmasqEngine Open()
    {
        var (nic, parts) = (_wired.Interface, _wired.Parts());
        return _wired.Run(() => DnsmasqEngine.Open(nic, parts));
    }
}
