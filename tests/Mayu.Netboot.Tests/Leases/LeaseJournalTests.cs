using Mayu.Linux.Tests;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Microsoft.Extensions.Logging.Abstractions;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Leases;

/// <summary>Leases outlive a restart, whatever ended the server.</summary>
public sealed class LeaseJournalTests : IDisposable
{
    private static readonly DhcpSubnet Settings = DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 149));

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-leases-").FullName;

    private string LeasesFile => Path.Combine(_folder, "leases");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_lease_outlives_a_restart_and_is_nobody_elses()
    {
        var before = Serve(network => Enumerable.Range(1, 50).Select(i => network.Bind((byte)i)).ToList());

        Serve(network =>
        {
            // Whoever comes first gets none of theirs, though nobody was heard of yet.
            var others = Enumerable.Range(101, 50).Select(i => network.Bind((byte)i)).ToList();
            Assert.Empty(others.Intersect(before));
            Assert.Equal(before, Enumerable.Range(1, 50).Select(i => network.Bind((byte)i)).ToList());
            return 0;
        });
    }

    [Fact]
    public void What_was_given_back_or_is_somebody_elses_is_remembered_too()
    {
        var (released, declined) = Serve(network =>
        {
            var (first, second) = (network.Bind(1), network.Bind(2));
            network.Send(Request(1, Protocols.Dhcp.DhcpMessageType.Release, first, Option(54, Ipv4.Of(10, 0, 0, 1))));
            network.Send(Request(2, Protocols.Dhcp.DhcpMessageType.Decline, Option(54, Ipv4.Of(10, 0, 0, 1)), Option(50, second)));
            return (first, second);
        });

        var records = Opened().Restored;
        Assert.Equal(LeaseRecordKind.Released, records.Single(record => record.Address == released).Kind);
        Assert.Equal(LeaseRecordKind.Held, records.Single(record => record.Address == declined).Kind);
        Serve(network =>
        {
            Assert.Equal(released, network.Bind(1));
            Assert.NotEqual(declined, network.Bind(2));
            return 0;
        });
    }

    [Fact]
    public void A_file_that_ends_anywhere_gives_every_lease_whose_line_is_whole()
    {
        Serve(network => Enumerable.Range(1, 5).Select(i => network.Bind((byte)i)).ToList());
        var whole = File.ReadAllBytes(LeasesFile);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(LeasesFile, whole[..length]);
            var lines = whole.AsSpan(0, length).Count((byte)'\n');

            Assert.Equal(lines, Opened().Restored.Length);
        }
    }

    [Fact]
    public void A_damaged_line_costs_no_other_and_a_copy_is_kept()
    {
        Serve(network => Enumerable.Range(1, 5).Select(i => network.Bind((byte)i)).ToList());
        var whole = File.ReadAllBytes(LeasesFile);
        var random = new Random(4);
        for (var i = 0; i < 500; i++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(LeasesFile, damaged);

            // A line end that goes takes two lines with it.
            Assert.InRange(Opened().Restored.Length, 3, 5);
        }

        Assert.True(File.Exists(LeasesFile + ".damaged"));
    }

    [Fact]
    public void Lines_and_records_are_the_same()
    {
        Span<byte> line = stackalloc byte[LeaseLine.MaximumLength];
        foreach (var kind in Enum.GetValues<LeaseRecordKind>())
        {
            foreach (var client in new[] { ServedNetwork.MacOf(200), (MacAddress?)null })
            {
                var record = new LeaseRecord(kind, new Ipv4(uint.MaxValue), client, uint.MaxValue);
                var length = LeaseLine.Write(line, record);

                Assert.Equal((byte)'\n', line[length - 1]);
                Assert.True(LeaseLine.TryRead(line[..(length - 1)], out var read));
                Assert.Equal(record, read);
            }
        }
    }

    [Fact]
    public void A_hundred_thousand_renewals_leave_a_small_file()
    {
        Serve(network =>
        {
            var address = network.Bind(1);
            for (var i = 0; i < 100_000; i++)
            {
                Assert.True(network.Send(Request(1, Protocols.Dhcp.DhcpMessageType.Request, ciaddr: address)));
            }

            return 0;
        });

        Assert.InRange(new FileInfo(LeasesFile).Length, 1, 600_000);
        Assert.Single(Opened().Restored);
    }

    [Fact]
    public void An_acknowledgement_names_the_record_that_it_waits_for_and_an_offer_none()
    {
        using var flushed = new AutoResetEvent(initialState: false);
        using var journal = Opened();
        var network = new ServedNetwork(journal, [], probe: null, Settings);
        Assert.True(network.Send(Discover(1)));
        Assert.Equal(0, network.Reply.AfterRecord);

        // It is not started: nothing becomes durable.
        network.Bind(1);
        Assert.Equal((1L, 1L, 0L), (network.Reply.AfterRecord, journal.Newest, journal.Durable));

        journal.Start([new Holder(network, flushed)]);
        Assert.True(flushed.WaitOne(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, journal.Durable);
        Assert.Single(Opened().Restored);
    }

    [Fact]
    public void A_disk_that_fails_stops_no_answer_and_is_made_good_when_it_works_again()
    {
        using var flushed = new AutoResetEvent(initialState: false);
        using var journal = Opened();
        var network = new ServedNetwork(journal, [], probe: null, Settings);
        // A file where the folder was: as root no permission would stop it.
        Directory.Delete(_folder, recursive: true);
        File.WriteAllText(_folder, "");
        try
        {
            journal.Start([new Holder(network, flushed)]);
            network.Bind(1);
            WaitFor(() => journal.Durable >= journal.Newest && journal.Trouble is not null, flushed);
            Assert.Contains("cannot be written", journal.Trouble, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(_folder);
            Directory.CreateDirectory(_folder);
        }

        network.Bind(2);
        WaitFor(() => journal.Durable >= journal.Newest && journal.Trouble is null, flushed);
        Assert.Equal(2, Opened().Restored.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("leases")]
    public void Leases_that_permissions_close_are_not_taken_for_none_and_are_to_be_handed_over(string closed)
    {
        Serve(network => network.Bind(1));
        var path = Path.GetFullPath(Path.Combine(_folder, closed)).TrimEnd('/');
        OtherUser.Give(_folder);
        File.SetUnixFileMode(path, UnixFileMode.None);

        var problem = OtherUser.Do(() => LeaseJournal.TryOpen(_folder, TimeProvider.System, NullLogger<LeaseJournal>.Instance, out _, out var told) ? null : told);
        Assert.StartsWith($"the file of DHCP leases {LeasesFile} cannot be read: {path} is not readable for the user ", problem, StringComparison.Ordinal);
        Assert.Contains(". Without it addresses could be leased twice. Run mayu as the user that owns it, or hand it over: chown -R ", problem, StringComparison.Ordinal);
        File.SetUnixFileMode(path, (UnixFileMode)0x1C0);
    }

    [Fact]
    public void A_lease_ends_when_its_client_was_told_though_the_server_was_away()
    {
        var address = Serve(network => network.Bind(1));
        var record = Assert.Single(Opened().Restored);
        var network = new ServedNetwork(log: null, [record], probe: null, Settings);

        network.Clock.Pass(TimeSpan.FromSeconds(record.EndsAt - 1));
        Assert.Equal(ServedNetwork.MacOf(1), network.Clients.Find(address));
        network.Clock.Pass(TimeSpan.FromSeconds(2));
        Assert.Null(network.Clients.Find(address));
    }

    [Fact]
    public void A_journal_that_could_not_be_written_at_the_start_is_tried_again_though_nobody_asks_for_an_address()
    {
        // Nobody makes a folder below a file; a full disk is the same to it.
        var file = Path.Combine(_folder, "full");
        File.WriteAllText(file, "");
        Assert.True(LeaseJournal.TryOpen(Path.Combine(file, "dhcp"), TimeProvider.System, NullLogger<LeaseJournal>.Instance, out var journal, out var problem), problem);
        using (journal)
        {
            using var never = new ManualResetEvent(initialState: false);
            journal.Start([]);
            WaitFor(() => journal.Trouble is not null, never);
            File.Delete(file);
            WaitFor(() => journal.Trouble is null, never);
        }

        Assert.True(File.Exists(Path.Combine(file, "dhcp", "leases")));
    }

    private static void WaitFor(Func<bool> condition, WaitHandle changed)
    {
        for (var i = 0; i < 300 && !condition(); i++)
        {
            changed.WaitOne(100);
        }

        Assert.True(condition());
    }

    private LeaseJournal Opened()
    {
        Assert.True(LeaseJournal.TryOpen(_folder, TimeProvider.System, NullLogger<LeaseJournal>.Instance, out var journal, out var problem), problem);
        return journal;
    }

    private T Serve<T>(Func<ServedNetwork, T> action)
    {
        using var flushed = new AutoResetEvent(initialState: false);
        using var journal = Opened();
        var network = new ServedNetwork(journal, journal.Restored, probe: null, Settings);
        journal.Start([new Holder(network, flushed)]);
        // Else what is leased while the file is written anew may stand in it twice.
        Assert.True(flushed.WaitOne(TimeSpan.FromSeconds(30)));
        return action(network);
    }

    private sealed class Holder(ServedNetwork network, AutoResetEvent flushed) : ILeaseHolder
    {
        public IReadOnlyList<LeaseRecord> Records() => network.Responder.Decider.Records();

        public void Release(long durable) => flushed.Set();
    }
}
