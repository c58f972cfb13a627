using System.Globalization;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Mayu.Primitives;
using Mayu.Server.Api.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Tests.Api.Events;

public sealed class MachineFeedTests : IAsyncDisposable
{
    private readonly MovableStore _store = new();
    private readonly BootTrace _trace;
    private readonly MachineFeed _feed;

    public MachineFeedTests()
    {
        _trace = new BootTrace(TimeProvider.System, serial => _store.Current.Find(serial) is not null);
        _feed = new MachineFeed(_store, _trace, TimeProvider.System, NullLogger.Instance);
    }

    [Fact]
    public void Whoever_is_slow_reads_the_newest_of_each_machine_once()
    {
        using var attached = _feed.Attach();
        Put("a");
        Put("b");
        _feed.LookNow();
        var reader = Synced();
        for (var i = 0; i < 1000; i++)
        {
            Put("a", $"r={i}");
            _feed.LookNow();
        }

        Put("b", "r=x");
        _feed.LookNow();
        var read = Read(reader);
        Assert.Equal(["Upsert a", "Upsert b"], read.Select(Text));
        Assert.Equal("r=999", read[0].State!.Record!.Metadata.Single());
        Assert.Equal(1001, read[0].State!.Revision);
    }

    [Fact]
    public void In_the_snapshot_no_machine_is_missed_that_changes_while_it_is_read()
    {
        using var attached = _feed.Attach();
        for (var i = 0; i < 2000; i++)
        {
            Put($"m{i:d4}");
        }

        _feed.LookNow();
        var (reader, seen) = (_feed.Begin(Selector.Everything, after: null, "first"), new HashSet<string>(StringComparer.Ordinal));
        for (var round = 0; !reader.IsCurrent; round++)
        {
            // Those that have not been read yet move behind the reader, again and again.
            for (var i = 0; i < 2000; i += 7)
            {
                Put($"m{i:d4}", $"r={round}");
            }

            if (round < 12)
            {
                _feed.LookNow();
            }

            var page = new List<FeedEvent>();
            _feed.Read(reader, page);
            foreach (var one in page)
            {
                if (one.Kind == FeedEventKind.Synced)
                {
                    Assert.Equal(2000, seen.Count);
                }

                if (one.State is { } state)
                {
                    seen.Add(state.Serial.Text);
                }
            }
        }

        Assert.Null(reader.Target);
    }

    [Fact]
    public void Whoever_was_away_for_too_many_deletions_is_told_and_begins_anew()
    {
        using var attached = _feed.Attach();
        Put("stays");
        _feed.LookNow();
        var (reader, id) = (Synced(), 0L);
        id = reader.Position;
        for (var i = 0; i <= MachineFeed.MaxGone; i++)
        {
            Put($"g{i}");
        }

        _feed.LookNow();
        _store.Current = ClusterSnapshot.Empty.With(_store.Current.Find(SerialOf("stays"))!);
        _feed.LookNow();
        Assert.Equal(["Snapshot too-old", "Upsert stays", "Synced"], Read(reader).Select(Text));
        Assert.Equal(["Snapshot too-old", "Upsert stays", "Synced"], Read(_feed.Begin(Selector.Everything, id, "restarted")).Select(Text));
        // Their places are taken by others, which nobody takes for those that were there.
        Put("new");
        _feed.LookNow();
        Assert.Equal(["Upsert new"], Read(reader).Select(Text));
    }

    [Fact]
    public void What_changed_while_nobody_read_is_there_for_who_comes_back()
    {
        long id;
        using (_feed.Attach())
        {
            Put("a");
            Put("b");
            _feed.LookNow();
            id = Synced().Position;
        }

        Put("a", "rack=7");
        _store.Current = _store.Current.Without(SerialOf("b"));
        _trace.Mark(SerialOf("c"), HopKind.Script, "seen");
        using var again = _feed.Attach();
        Assert.Equal(["Delete b", "Synced", "Upsert a", "Upsert c"], Read(_feed.Begin(Selector.Everything, id, "restarted")).Select(Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_machine_that_is_back_is_there_and_one_that_came_and_went_unseen_is_nothing()
    {
        using var attached = _feed.Attach();
        Put("a");
        _feed.LookNow();
        var reader = Synced();
        _store.Current = _store.Current.Without(SerialOf("a"));
        _feed.LookNow();
        Put("a");
        Put("b");
        _feed.LookNow();
        _store.Current = _store.Current.Without(SerialOf("b"));
        _feed.LookNow();
        Assert.Equal(["Upsert a"], Read(reader).Select(Text));
    }

    [Fact]
    public void A_trace_that_was_merged_or_forgotten_is_a_change_although_no_event_says_it()
    {
        using var attached = _feed.Attach();
        var mac = MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, 1]);
        Put("a");
        _trace.Mark(mac, HopKind.Discover, "a card");
        _feed.LookNow();
        var reader = Synced();
        _trace.Link(mac, SerialOf("a"));
        _feed.LookNow();
        Assert.Equal(["Upsert a"], Read(reader).Select(Text));
        _trace.Forget(SerialOf("a"));
        _feed.LookNow();
        Assert.Equal(["Upsert a"], Read(reader).Select(Text));
        _trace.Touch(SerialOf("a"));
        _feed.LookNow();
        Assert.Equal(["Upsert a"], Read(reader).Select(Text));
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private FeedReader Synced()
    {
        var reader = _feed.Begin(Selector.Everything, after: null, "first");
        Assert.Equal(FeedEventKind.Synced, Read(reader)[^1].Kind);
        return reader;
    }

    private List<FeedEvent> Read(FeedReader reader)
    {
        var page = new List<FeedEvent>();
        do
        {
            _feed.Read(reader, page);
        }
        while (!reader.IsCurrent);
        return page;
    }

    private void Put(string serial, params string[] metadata) =>
        _store.Current = _store.Current.With(new Machine { Serial = SerialOf(serial), State = MachineState.Configured, Metadata = [.. metadata] });

    private static string Text(FeedEvent one) => string.Create(CultureInfo.InvariantCulture, $"{one.Kind} {one.State?.Serial.Text ?? one.Reason}").TrimEnd();

    private static Serial SerialOf(string text) => Serial.TryParse(text, out var serial, out _) ? serial : throw new ArgumentException(text, nameof(text));

    /// <summary>A store whose snapshot a test sets: what the feed reads of a store is that alone.</summary>
    private sealed class MovableStore : IMachineStore
    {
        public ClusterSnapshot Current { get; set; } = ClusterSnapshot.Empty;

        public IReadOnlyList<QuarantinedRecord> Quarantined => [];

        public Task<ChangeOutcome> ChangeAsync(Author author, Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Change>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Machine?> MachineAtAsync(Serial serial, HistoryPoint point, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
