using System.Net;
using Mayu.Core.Boot;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Netboot.Tests;
using Mayu.Primitives;
using Mayu.Server.Decisions;
using Mayu.Server.Tests.BootHttp;
using Mayu.Server.Watch;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Tests.Api;

public sealed class TraceTests
{
    private static readonly ClusterPlan NoProfiles = new() { Profiles = [], InternalRange = new(new(1), new(2)) };

    private static readonly MacAddress Mac = MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, 1]);

    [Fact]
    public async Task A_trace_is_found_by_serial_and_by_mac()
    {
        await using var server = await TestServer.StartAsync();
        server.Trace.Mark(Mac, HopKind.Ack, HopDetail.Lease(new Ipv4(0x7f000064), "ipxe.efi"));
        var stranger = await server.GetAsync("machines/52:54:00:00:00:01/trace");
        Assert.Null(stranger["serial"]);
        Assert.Equal("127.0.0.100, boot file ipxe.efi", (string?)stranger["items"]![0]!["detail"]);

        await server.RegisterAsync("vm-001");
        server.Trace.Link(Mac, SerialOf("vm-001"));
        foreach (var name in new[] { "vm-001", "52-54-00-00-00-01" })
        {
            var trace = await server.GetAsync($"machines/{name}/trace");
            Assert.Equal("vm-001", (string?)trace["serial"]);
            Assert.Equal("installing", (string?)trace["state"]);
            Assert.Equal("52:54:00:00:00:01", (string?)trace["macAddresses"]!.AsArray().Single());
            Assert.Equal(["ack", "facts", "config"], trace["items"]!.AsArray().Select(hop => (string?)hop!["name"]));
        }
    }

    [Fact]
    public async Task A_loop_is_told_with_how_often_and_from_when_to_when()
    {
        await using var server = await TestServer.StartAsync();
        server.Trace.Mark(Mac, HopKind.Silent, "it was disabled");
        for (var i = 0; i < 100; i++)
        {
            server.Trace.Mark(Mac, HopKind.Discover, "PXE firmware");
            server.Trace.Mark(Mac, HopKind.Offer, HopDetail.Lease(new Ipv4(0x7f000064), "ipxe.efi"));
        }

        var items = (await server.GetAsync("machines/52:54:00:00:00:01/trace"))["items"]!.AsArray();
        Assert.Equal([("silent", 1), ("discover", 100), ("offer", 100)], items.Select(hop => ((string?)hop!["name"], (int)hop["count"]!)));
        Assert.Null(items[0]!["first"]);
        Assert.All(items.Skip(1), hop => Assert.InRange((DateTimeOffset)hop!["first"]!, (DateTimeOffset)items[0]!["at"]!, (DateTimeOffset)hop["at"]!));
        var stranger = (await server.GetAsync("strangers"))["items"]!.AsArray().Single()!;
        Assert.Equal((DateTimeOffset)items[0]!["at"]!, (DateTimeOffset)stranger["firstSeen"]!);
    }

    [Fact]
    public async Task A_step_has_its_first_time_too_from_the_second_time_on()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var count in new[] { 1, 2 })
        {
            server.Trace.Mark(Mac, HopKind.Silent, "it was disabled");
            var hop = (await server.GetAsync("machines/52:54:00:00:00:01/trace"))["items"]!.AsArray().Single()!;
            Assert.Equal((count, count > 1), ((int)hop["count"]!, hop["first"] is not null));
        }
    }

    [Fact]
    public async Task A_machine_without_a_record_has_a_trace_under_what_it_is_called_be_that_its_mac()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var name in new[] { "new", "52:54:00:00:00:01" })
        {
            server.Trace.Mark(SerialOf(name), HopKind.FirstStage, "x");
            var trace = await server.GetAsync($"machines/{name}/trace");
            Assert.Equal((name, "first-stage"), ((string?)trace["serial"], (string?)trace["items"]!.AsArray().Single()!["name"]));
            Assert.Null(trace["state"]);
        }
    }

    [Fact]
    public async Task A_machine_that_was_not_seen_booting_has_a_trace_with_nothing_in_it()
    {
        await using var server = await TestServer.StartAsync();
        await server.Store.ChangeAsync(
            new Author("test"), _ => new Proposal.Put(new Machine { Serial = SerialOf("vm-001"), State = MachineState.Running }, "made"), TestContext.Current.CancellationToken);

        var trace = await server.GetAsync("machines/vm-001/trace");

        Assert.Equal(("vm-001", "running", 0), ((string?)trace["serial"], (string?)trace["state"], trace["items"]!.AsArray().Count));
        Assert.Null(trace["stall"]);
        Assert.Null(trace["problem"]);
    }

    [Fact]
    public async Task Nobody_has_no_trace()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Contains("none was seen booting from it", await server.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "machines/52:54:00:00:00:09/trace"), StringComparison.Ordinal);
        Assert.Contains("There is no machine vm-009", await server.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "machines/vm-009/trace"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strangers_are_those_that_were_seen_and_have_no_record()
    {
        await using var server = await TestServer.StartAsync();
        server.Trace.Mark(Mac, HopKind.Silent, "there is no boot loader for it");
        server.Trace.Mark(SerialOf("new"), HopKind.Script, "x");
        server.Trace.Mark(SerialOf("vm-001"), HopKind.Script, "x");
        await server.RegisterAsync("vm-001", number: 2);

        var strangers = (await server.GetAsync("strangers"))["items"]!.AsArray();
        Assert.Equal([null, "new"], strangers.Select(it => (string?)it!["serial"]).Order(StringComparer.Ordinal));
        Assert.Equal("silent", (string?)strangers.Single(it => it!["serial"] is null)!["hop"]!["name"]);
    }

    [Fact]
    public async Task A_stall_is_shown_with_the_machine_counted_and_told_once()
    {
        await using var server = await TestServer.StartAsync();
        var clock = new StoppedClock();
        var trace = new BootTrace(clock);
        await using var watch = new BootWatch(server.Store, trace, new BootDecisions(server.Store, () => NoProfiles, IdentityRule.BySerial, new Heard(), trace), clock, NullLogger<BootWatch>.Instance);
        trace.Mark(SerialOf("vm-001"), HopKind.File, "ipxe.efi", 10, 10);

        watch.LookForStalls();
        Assert.Empty(watch.Stalled);
        clock.Pass(TimeSpan.FromSeconds(50));
        watch.LookForStalls();
        clock.Pass(TimeSpan.FromSeconds(10));
        watch.LookForStalls();
        Assert.Equal([HopKind.File], watch.Stalled.Keys);
        Assert.Equal("it fetched ipxe.efi 60 s ago and never asked for its boot script", watch.StallOf(trace.Head(SerialOf("vm-001"))!)!.Reason);

        trace.Mark(SerialOf("vm-001"), HopKind.Script, "x");
        watch.LookForStalls();
        Assert.Empty(watch.Stalled);
        Assert.Equal(
            [BootEventKind.Hop, BootEventKind.Stall, BootEventKind.Hop, BootEventKind.Moving],
            trace.Events.Read(0, 10, out _).Select(it => it.Event.Kind));

        // It went on and stands still again at the same step, all between two looks.
        for (var i = 0; i < 2; i++)
        {
            trace.Mark(SerialOf("vm-001"), HopKind.File, "ipxe.efi", 10, 10);
            clock.Pass(TimeSpan.FromSeconds(60));
            watch.LookForStalls();
            watch.LookForStalls();
        }

        Assert.Equal(3, trace.Events.Read(0, 20, out _).Count(it => it.Event.Kind == BootEventKind.Stall));
    }

    [Fact]
    public async Task Nobody_waits_for_a_machine_that_was_simulated()
    {
        await using var server = await TestServer.StartAsync();
        var clock = new StoppedClock();
        var trace = new BootTrace(clock);
        await using var watch = new BootWatch(server.Store, trace, server.Decisions, clock, NullLogger<BootWatch>.Instance);
        var invented = MacAddress.FromOctets([0x02, 0x4d, 0x59, 1, 2, 3]);
        // By its serial, by its MAC, with a serial of its own; the last one is real.
        trace.Mark(SerialOf("simulated-024d59010203"), HopKind.Initrd, "initrd", 10, 10);
        trace.Mark(MacAddress.FromOctets([0x02, 0x4d, 0x59, 9, 9, 9]), HopKind.Discover, "PXE firmware");
        trace.Mark(SerialOf("vm-007"), HopKind.Initrd, "initrd", 10, 10);
        trace.Link(invented, SerialOf("vm-007"));
        trace.Mark(SerialOf("vm-008"), HopKind.Initrd, "initrd", 10, 10);
        trace.Link(Mac, SerialOf("vm-008"));
        clock.Pass(TimeSpan.FromHours(1));

        watch.LookForStalls();

        Assert.Equal([(HopKind.Initrd, 1)], watch.Stalled.Select(pair => (pair.Key, pair.Value)));
        Assert.NotNull(watch.StallOf(trace.Head(SerialOf("vm-008"))!));
        Assert.Null(watch.StallOf(trace.Head(SerialOf("vm-007"))!));
    }

    [Fact]
    public async Task A_state_that_changed_is_an_event_whoever_changed_it()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("vm-001");
        server.Watch.LookAtStates();
        await server.RunAsync("vm-001");
        server.Watch.LookAtStates();
        await server.ChangeAsync(HttpMethod.Delete, "machines/vm-001?force=true");
        server.Watch.LookAtStates();

        Assert.Equal(
            [(null, MachineState.Installing), (MachineState.Installing, MachineState.Running), (MachineState.Running, null)],
            server.Trace.Events.Read(0, 100, out _).Select(it => it.Event).Where(it => it.Kind == BootEventKind.State).Select(it => (it.Before, it.State)));
    }

    private static Serial SerialOf(string text) => Serial.TryParse(text, out var serial, out _) ? serial : throw new ArgumentException(text, nameof(text));
}
