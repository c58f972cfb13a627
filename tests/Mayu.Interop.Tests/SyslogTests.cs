using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Mayu.Interop.Tests.Network;
using Mayu.Primitives;

namespace Mayu.Interop.Tests;

/// <summary>util-linux's logger sends syslog from a machine with a lease: the lines are in its boot trace, whatever else comes to the port.</summary>
public sealed class SyslogTests : IAsyncLifetime
{
    private const string Mac = "02:00:00:00:05:14";

    private Segment? _segment;
    private MayuServer? _mayu;

    private Segment Segment => _segment!;

    private MayuServer Mayu => _mayu!;

    public async ValueTask InitializeAsync()
    {
        TestNetwork.NeedRoot();
        _segment = await Segment.BuildAsync();
        _mayu = new MayuServer(Segment.Mayu, "10.77.0.1");
        await Mayu.AddRunningMachineAsync("10.77.0.2");
        await Mayu.ConfigureAsync("""
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.60 }
              internal_range: { start: 10.77.0.2, end: 10.77.0.40 }
            defaults: { image: none }
            syslog: { enabled: true }
            """);
        await Mayu.StartAsync();
    }

    [Fact]
    public async Task What_logger_sends_is_in_the_trace_of_who_has_the_lease_or_the_internal_address()
    {
        await LeaseAsync();

        await Segment.ClientAsync("logger", "-n", "10.77.0.1", "-P", "514", "-d", "-t", "probe", "-p", "user.err", "the disk is gone");
        await Segment.ClientAsync("logger", "-n", "10.77.0.1", "-P", "514", "-d", "--rfc3164", "-t", "old", "-p", "user.info", "\e[31mred");
        await TestNetwork.RunAsync(Segment.Other, "logger", "-n", "10.77.0.1", "-P", "514", "-d", "-t", "app", "it runs");

        await CountedAsync("kept", "3");
        Assert.Equal(["err probe: the disk is gone", @"info old: \x1b[31mred"], await LinesAsync(Mac));
        Assert.Equal(["notice app: it runs"], await LinesAsync("running-1"));
        var (code, said) = await Mayu.CtlAsync("trace", Mac);
        Assert.True(code == 0, said);
        Assert.Matches("syslog +.*err probe: the disk is gone", said);
    }

    [Fact]
    public async Task An_address_that_no_machine_has_is_counted_and_nothing_of_it_is_kept()
    {
        await TestNetwork.IpAsync(Segment.Client, "address", "add", "10.77.0.200/24", "dev", "eth0");

        await Segment.ClientAsync("logger", "-n", "10.77.0.1", "-P", "514", "-d", "who am I");

        await CountedAsync("unknown", "1");
        await CountedAsync("kept", "0");
        Assert.Empty(JsonNode.Parse(await Mayu.ApiAsync("/api/v1/strangers"))!["items"]!.AsArray());
    }

    [Fact]
    public async Task Hostile_datagrams_push_no_hop_out_and_the_server_goes_on()
    {
        var address = await LeaseAsync();
        using var socket = NamespaceSocket.Open(Segment.Client, () =>
        {
            var opened = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            opened.Bind(new IPEndPoint(Ipv4.TryParse(address, out var own) ? own.ToIPAddress() : throw new InvalidOperationException(address), 0));
            opened.Connect("10.77.0.1", 514);
            return opened;
        });
        var random = new Random(514);
        byte[][] hostile =
        [
            [], [0], [0xff, 0xfe], "<"u8.ToArray(), "<13>1 "u8.ToArray(), "<13>1 - - - - - ["u8.ToArray(), "<13>1 - - - - - [a b=\"\\"u8.ToArray(),
            Encoding.ASCII.GetBytes(new string('x', 60_000)),
            .. Enumerable.Range(0, 20).Select(_ => { var bytes = new byte[random.Next(1500)]; random.NextBytes(bytes); return bytes; }),
            // Behind the others, which push out what is older.
            Encoding.UTF8.GetBytes("<13>a\r\nforged line\u202e\u001b]0;title\a"),
            Encoding.ASCII.GetBytes("<6>kernel: Command line: mayu.token=0123456789abcdef0123456789abcdef"),
        ];
        foreach (var datagram in hostile)
        {
            await socket.SendAsync(datagram, TestContext.Current.CancellationToken);
        }

        await socket.SendAsync("<13>last: of the few"u8.ToArray(), TestContext.Current.CancellationToken);
        for (var waited = 0; !(await LinesAsync(Mac)).Contains("notice last: of the few"); waited++)
        {
            Assert.True(waited < 100, Mayu.Log);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        var lines = await LinesAsync(Mac);
        Assert.All(lines, line => Assert.True(line.Length <= 400 && !line.Any(char.IsControl), line));
        Assert.Contains(@"notice: a\r\nforged line\u{202e}\x1b]0;title\x07", lines);
        Assert.Contains("info kernel: Command line: mayu.token=***", lines);

        for (var i = 0; i < 5000; i++)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes($"<13>flood: {i}"), TestContext.Current.CancellationToken);
        }

        await CountedAsync("limited", "[1-9][0-9]*");
        var trace = JsonNode.Parse(await Mayu.ApiAsync($"/api/v1/machines/{Mac}/trace"))!["items"]!.AsArray();
        Assert.Contains(trace, hop => (string?)hop!["name"] == "ack");
        Assert.InRange(trace.Count, 10, 128);
        Assert.DoesNotContain("defect", Mayu.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_told()
    {
        await using var other = new MayuServer(Segment.Mayu, "10.77.0.1");
        await other.ConfigureAsync("""
            engine: external
            network: { address: 10.77.0.1, subnet: 10.77.0.0/24, internal_range: { start: 10.77.0.100, end: 10.77.0.150 } }
            api: { port: 5080 }
            boot: { port: 5081 }
            defaults: { image: none }
            syslog: { enabled: true }
            """);

        var (code, output) = await other.SecondAsync();

        Assert.Equal(1, code);
        Assert.Contains("syslog.port: another program has port 514/udp on 10.77.0.1. Find it with: ss -lnup sport = :514", output, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mayu is not null)
        {
            await _mayu.DisposeAsync();
        }

        if (_segment is not null)
        {
            await _segment.DisposeAsync();
        }
    }

    private async Task<string> LeaseAsync() =>
        Udhcpc.AddressIn(await new Udhcpc(Segment.Client, Mayu.Folder, takesAddress: true).LeaseAsync("eth0", Mac));

    private Task CountedAsync(string result, string count) => Mayu.MetricsMatchAsync($$"""mayu_syslog_lines_total\{[^}]*result="{{result}}"[^}]*\} {{count}}\s""");

    private async Task<List<string>> LinesAsync(string name) =>
    [
        .. JsonNode.Parse(await Mayu.ApiAsync($"/api/v1/machines/{name}/trace"))!["items"]!.AsArray()
            .Where(hop => (string?)hop!["name"] == "syslog").Select(hop => (string)hop!["detail"]!),
    ];
}
