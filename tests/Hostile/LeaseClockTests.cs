using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tests;
using Mayu.Primitives;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Hostile.Tests;

/// <summary>Leases that were written by a clock which was wrong, or is now: nobody is given an address that somebody else uses.</summary>
public sealed class LeaseClockTests : IDisposable
{
    private const int Machines = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-hostile-leases-").FullName;
    private readonly Lock _gate = new();
    private ClientTable? _clients;

    /// <summary>The year in which leases were given, and the one in which the server starts again.</summary>
    public static TheoryData<int, int> Years =>
        new() { { 2026, 2026 }, { 2026, 2025 }, { 2026, 2016 }, { 2026, 1970 }, { 2038, 2026 }, { 2039, 1970 }, { 2106, 2026 }, { 2107, 2026 }, { 2200, 2026 }, { 2262, 1970 } };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Years))]
    public void A_restart_with_the_clock_set_back_gives_no_lease_to_another(int given, int restarted)
    {
        Serve(At(given), BindAll);
        Assert.False(File.Exists(Path.Combine(_folder, "leases.damaged")));
        Serve(At(restarted), pool => AssertAllLeased(pool));
    }

    [Fact]
    public void A_clock_that_is_set_right_while_the_server_runs_ends_no_lease_at_the_next_start()
    {
        // A host without a battery for its clock, until NTP answers.
        var clock = At(1970);
        Serve(clock, pool =>
        {
            BindAll(pool);
            clock.Now = Date(2026);
        });
        Serve(At(2026), pool => AssertAllLeased(pool));
    }

    [Fact]
    public async Task A_clock_that_was_set_is_seen_though_nobody_asks_for_an_address_and_whatever_ends_the_server()
    {
        var clock = At(1970);
        var (pool, journal) = Open(clock, TimeSpan.FromMilliseconds(50));
        using (journal)
        {
            lock (_gate)
            {
                BindAll(pool);
            }

            clock.Now = Date(2026);
            await Eventually.TrueAsync(() => new LeaseFile(_folder).Read(out _) is { Length: Machines } records && records.All(record => record.EndsAt > Date(2026).ToUnixTimeSeconds()));
        }
    }

    [Fact]
    public void A_clock_that_is_set_back_before_what_was_released_leaves_a_file_that_is_read()
    {
        var clock = At(2026);
        Serve(clock, pool =>
        {
            BindAll(pool);
            Assert.True(pool.TryRelease(Mac(0), Address(0)));
            clock.Now = DateTimeOffset.UnixEpoch;
            clock.Elapsed = TimeSpan.FromMinutes(30);
        });
        Serve(At(2026), pool => Assert.Equal(Machines, pool.Records().Count()));
        Assert.False(File.Exists(Path.Combine(_folder, "leases.damaged")));
    }

    [Fact]
    public void Jumps_of_the_clock_end_no_lease_of_a_server_that_runs()
    {
        var clock = At(2026);
        Serve(clock, pool =>
        {
            BindAll(pool);
            foreach (var year in new[] { 2027, 2106, 2262, 1970, 2026 })
            {
                clock.Now = Date(year);
                AssertAllLeased(pool);
            }
        });
        Serve(At(2026), AssertAllLeased);
    }

    private static void BindAll(LeasePool pool)
    {
        for (var i = 0; i < Machines; i++)
        {
            Assert.Equal(LeaseVerdict.Bound, pool.TryBind(Client(i), Address(i)));
        }
    }

    private void AssertAllLeased(LeasePool pool)
    {
        for (var i = 0; i < Machines; i++)
        {
            Assert.Equal(Mac(i), _clients!.Find(Address(i)));
            Assert.Equal(LeaseVerdict.Taken, pool.TryBind(Client(100 + i), Address(i)));
        }

        Assert.False(pool.TryOffer(Client(99), wish: null, out _, out _));
    }

    private void Serve(StepClock clock, Action<LeasePool> action)
    {
        var (pool, journal) = Open(clock, TimeSpan.FromMinutes(1));
        using (journal)
        {
            lock (_gate)
            {
                action(pool);
            }
        }
    }

    private (LeasePool Pool, LeaseJournal Journal) Open(StepClock clock, TimeSpan lookEvery)
    {
        Assert.True(LeaseJournal.TryOpen(_folder, clock, NullLogger<LeaseJournal>.Instance, out var journal, out var problem), problem);
        journal.LookEvery = lookEvery;
        var pool = new LeasePool(
            new LeaseRules
            {
                Range = new Ipv4Range(Address(0), Address(Machines - 1)),
                Excluded = [],
                LeaseTime = TimeSpan.FromHours(1),
                TrialTime = TimeSpan.FromMinutes(10),
                KnownShare = 0,
            },
            NoMachines.Instance,
            journal,
            _clients = new ClientTable(NoMachines.Instance, clock),
            clock);
        foreach (var record in journal.Restored)
        {
            Assert.True(pool.TryRestore(record, isKnown: true));
        }

        journal.Start([new Holder(pool, _gate)]);
        return (pool, journal);
    }

    private static StepClock At(int year) => new() { Now = Date(year) };

    private static DateTimeOffset Date(int year) => new(year, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static Ipv4 Address(int number) => new(0x0A000032u + (uint)number);

    private static MacAddress Mac(int number) => MacAddress.FromOctets([2, 0, 0, 0, 0, (byte)number]);

    private static LeaseClient Client(int number) => new(Mac(number), IsKnown: true, IsTrusted: true);

    private sealed class Holder(LeasePool pool, Lock gate) : ILeaseHolder
    {
        public IReadOnlyList<LeaseRecord> Records()
        {
            lock (gate)
            {
                return [.. pool.Records()];
            }
        }

        public void Release(long durable)
        {
            // No client waits.
        }
    }

    /// <summary>A clock on the wall that is set while time passes as it does.</summary>
    private sealed class StepClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public TimeSpan Elapsed { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
