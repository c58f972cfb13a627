using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Netboot.Tests;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Server.Decisions;
using Mayu.Server.Tests.BootHttp;
using Microsoft.Extensions.Logging;

namespace Mayu.Server.Tests.Decisions;

/// <summary>An address that a machine was just given is asked for before the machine hears of it, and those that come next ahead of that.</summary>
public sealed class OccupiedAddressesTests : IAsyncLifetime
{
    private const string Stranger = "02:99:00:00:00:01";
    private static readonly Ipv4Range Pool = new(Ipv4.Of(10, 0, 0, 10), Ipv4.Of(10, 0, 0, 49));
    private static readonly ClusterPlan Plan = new() { Profiles = [], InternalRange = Pool };

    private readonly FakeProbe _probe = new();
    private readonly StoppedClock _clock = new();
    private readonly LogLines _lines = new();
    private TestServer? _server;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    [Fact]
    public async Task An_address_at_which_nobody_answers_is_kept_and_those_that_come_next_are_asked_for_ahead()
    {
        var occupied = Occupied();
        NobodyAnswers();

        Assert.Equal(Address(0), await SettleAsync(occupied, "a", 0));
        // It, and 32 ahead.
        await Eventually.TrueAsync(() => _probe.Count == 33);
        Assert.Equal(Address(1), await SettleAsync(occupied, "b", 1));
        await Eventually.TrueAsync(() => _probe.Count == 34);

        Assert.Empty(occupied.All);
        Assert.Same(Plan, occupied.Without(Plan));
    }

    [Fact]
    public async Task What_was_asked_ahead_is_believed_for_a_minute()
    {
        var occupied = Occupied();
        NobodyAnswers();
        await SettleAsync(occupied, "a", 0);
        await Eventually.TrueAsync(() => _probe.Count == 33);

        _clock.Pass(TimeSpan.FromSeconds(59));
        await SettleAsync(occupied, "b", 1);
        await Eventually.TrueAsync(() => _probe.Count == 34);
        _clock.Pass(TimeSpan.FromSeconds(1));
        await SettleAsync(occupied, "c", 2);

        // The address itself, and all that are ahead of it but the one that was asked for a second ago.
        await Eventually.TrueAsync(() => _probe.Count == 34 + 1 + 31);
    }

    [Fact]
    public async Task Where_a_stranger_answers_the_machine_gets_the_next_address_and_nobody_is_offered_the_strangers()
    {
        var occupied = Occupied();
        _probe.Answer(Address(0), Stranger);
        NobodyAnswers(from: 1);

        Assert.Equal(Address(1), await SettleAsync(occupied, "a", 0));

        Assert.Equal((Address(0), Stranger), (occupied.All.Single().Address, occupied.All.Single().Mac.ToString()));
        Assert.Equal([Address(0)], occupied.Without(Plan).OccupiedAddresses);
        Assert.Equal("system", (await ChangesAsync("a"))[0].Who);
        Assert.Contains($"changed the address from {Address(0)} to {Address(1)}: {Stranger} answers ARP for {Address(0)}", (await ChangesAsync("a"))[0].What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machines_own_card_is_no_stranger()
    {
        var occupied = Occupied();
        _probe.Answer(Address(0), "52:54:00:00:00:01");
        NobodyAnswers(from: 1);

        Assert.Equal(Address(0), await SettleAsync(occupied, "a", 0));
        Assert.Empty(occupied.All);
    }

    [Fact]
    public async Task A_machine_that_got_its_config_meanwhile_keeps_the_address_that_it_has()
    {
        var occupied = Occupied();
        _probe.Answer(Address(0), Stranger);
        NobodyAnswers(from: 1);

        Assert.Equal(Address(0), await SettleAsync(occupied, "a", 0, MachineState.Installing));
    }

    [Fact]
    public async Task What_a_stranger_is_found_at_ahead_is_not_given_out()
    {
        var occupied = Occupied();
        NobodyAnswers(except: 1);
        _probe.Answer(Address(1), Stranger);

        Assert.Equal(Address(0), await SettleAsync(occupied, "a", 0));
        await Eventually.TrueAsync(() => occupied.All.Any());

        Assert.Equal(Address(1), occupied.All.Single().Address);
    }

    [Fact]
    public async Task Who_answers_for_every_address_is_told_of_and_keeps_nobody_from_one()
    {
        var occupied = Occupied();
        _probe.Everybody = MacAddress.TryParse(Stranger, out var mac) ? mac : default;

        Assert.NotNull(await SettleAsync(occupied, "a", 0));
        await Eventually.TrueAsync(() => occupied.UntrustedMacs == 1);

        Assert.Empty(occupied.All);
        Assert.Contains($"{Stranger} answers ARP for more than 4 addresses", Assert.Single(occupied.Remarks), StringComparison.Ordinal);
        Assert.Contains($"{Stranger} answers ARP for more than 4 addresses", Assert.Single(_lines.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_every_address_is_kept()
    {
        var occupied = new OccupiedAddresses(probe: null, Pool, _clock, new Logger<OccupiedAddresses>(new LoggerFactory([_lines])));

        Assert.Equal(Address(0), await SettleAsync(occupied, "a", 0));
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _lines.Dispose();
    }

    private static Ipv4 Address(int index) => new(Pool.Start.Value + (uint)index);

    private OccupiedAddresses Occupied() => new(_probe, Pool, _clock, new Logger<OccupiedAddresses>(new LoggerFactory([_lines])));

    private void NobodyAnswers(int from = 0, int except = -1)
    {
        foreach (var index in Enumerable.Range(from, (int)Pool.Count - from).Where(index => index != except))
        {
            _probe.Answer(Address(index), user: null);
        }
    }

    // A machine that was just given an address.
    private async Task<Ipv4?> SettleAsync(OccupiedAddresses occupied, string serial, int index, MachineState state = MachineState.Configured)
    {
        var machine = new Machine
        {
            Serial = Serial.TryParse(serial, out var named, out _) ? named : default,
            State = state,
            InternalAddress = Address(index),
            MacAddresses = [MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, 1])],
        };
        await _server!.Store.ChangeAsync(new Author("test"), _ => new Proposal.Put(machine, "registered"), TestContext.Current.CancellationToken);
        return (await occupied.SettleAsync(_server.Store, Plan, machine, TestContext.Current.CancellationToken)).Machine?.InternalAddress;
    }

    private Task<IReadOnlyList<Change>> ChangesAsync(string serial) =>
        _server!.Store.HistoryAsync(new HistoryQuery { Serial = Serial.TryParse(serial, out var named, out _) ? named : null }, TestContext.Current.CancellationToken);
}
