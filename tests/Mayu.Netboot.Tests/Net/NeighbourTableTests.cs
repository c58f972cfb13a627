
using Mayu.Netboot.Net;

namespace Mayu.Netboot.Tests.Net;

/// <summary>What is told of the kernel's neighbour table, of files as the kernel writes them.</summary>
public sealed class NeighbourTableTests : IDisposable
{
    private readonly string _proc = Directory.CreateTempSubdirectory("mayu-proc-").FullName;
    private readonly StoppedClock _clock = new();
    private readonly NeighbourTable _table;

    public NeighbourTableTests()
    {
        Directory.CreateDirectory(Path.Combine(_proc, "sys/net/ipv4/neigh/default"));
        Directory.CreateDirectory(Path.Combine(_proc, "net/stat"));
        _table = new NeighbourTable(_clock, _proc);
        Write(limit: 1024, entries: 40, lost: 7);
    }

    [Fact]
    public void A_small_hall_has_nothing_to_hear() => Assert.Empty(_table.Remarks(machines: 500));

    [Fact]
    public void More_machines_than_half_of_the_table_are_told_with_what_to_do() => Assert.Equal(
        "neighbours: 1200 machines need more than half of the kernel's neighbour table (net.ipv4.neigh.default.gc_thresh3 = 1024). "
        + "Enlarge it: sysctl -w net.ipv4.neigh.default.gc_thresh3=8192",
        Assert.Single(_table.Remarks(machines: 1200)));

    [Fact]
    public void Few_are_waited_for_however_large_the_table_and_one_however_small()
    {
        Assert.Equal((256, 85), (_table.UnresolvedOn(1), _table.UnresolvedOn(3)));
        Write(limit: int.MaxValue, entries: 40, lost: 7);
        Assert.Equal(16_384, _table.UnresolvedOn(1));
        Write(limit: 2, entries: 1, lost: 7);
        Assert.Equal(1, _table.UnresolvedOn(1));
    }

    [Fact]
    public void A_table_that_is_nearly_full_is_an_alarm()
    {
        Write(limit: 1024, entries: 950, lost: 7);

        Assert.StartsWith("alarm: the kernel's neighbour table is nearly full, 950 of 1024 entries", Assert.Single(_table.Remarks(machines: 5)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_kernel_dropped_is_an_alarm_for_ten_minutes()
    {
        Assert.Empty(_table.Remarks(machines: 5));
        Write(limit: 1024, entries: 40, lost: 0x2f);

        Assert.StartsWith("alarm: the kernel's neighbour table was full within 10 minutes", Assert.Single(_table.Remarks(machines: 5)), StringComparison.Ordinal);
        _clock.Pass(TimeSpan.FromMinutes(11));
        Assert.Empty(_table.Remarks(machines: 5));
    }

    [Fact]
    public void In_a_namespace_of_its_own_the_usual_limit_is_taken_and_nothing_is_said()
    {
        Directory.Delete(Path.Combine(_proc, "sys"), recursive: true);

        Assert.Equal(1024, _table.Limit);
        Assert.Equal(128, _table.UnresolvedOn(interfaces: 2));
        Assert.Empty(_table.Remarks(machines: 5000));
    }

    public void Dispose() => Directory.Delete(_proc, recursive: true);

    // Two processors: the kernel says the entries in each line, and what each one lost.
    private void Write(int limit, int entries, int lost)
    {
        File.WriteAllText(Path.Combine(_proc, "sys/net/ipv4/neigh/default/gc_thresh3"), $"{limit}\n");
        File.WriteAllText(Path.Combine(_proc, "net/stat/arp_cache"), $"""
            entries  allocs   destroys table_fulls
            {entries:x8} 00000002 00000000 {lost:x8}
            {entries:x8} 00000002 00000000 00000001

            """);
    }
}
