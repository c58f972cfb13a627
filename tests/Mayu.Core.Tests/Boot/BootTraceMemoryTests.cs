using System.Globalization;
using Mayu.Core.Boot;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Boot;

/// <summary>What the trace takes with every place of it filled. The figures of ADR 10 are from here, at the full number of places (./test full).</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class BootTraceMemoryTests(ITestOutputHelper output)
{
    private const int KiB = 1024;
    private static readonly HopPhrase Lease = (in HopDetail detail) => $"{detail.Address} {detail.Text}";

    // A tenth of the places does for the bound of each.
    private static int Part => Environment.GetEnvironmentVariable("TEST_LEVEL") == "full" ? 1 : 10;

    private static int Machines => 20_000 / Part;

    private static int Strangers => 4_096 / Part;

    [Fact]
    public void The_most_hostile_machines_take_no_more_than_22_kilobytes_each()
    {
        var each = Measure((trace, name) =>
        {
            var serial = Sample.Serial(name.ToString("d128", CultureInfo.InvariantCulture));
            for (var i = 0; i < BootTrace.MaxMacs; i++)
            {
                trace.Link(Sample.Mac((name * BootTrace.MaxMacs) + i), serial);
            }

            trace.Fail(serial, new string('h', HopDetail.MaxText), new string('r', HopDetail.MaxText));
            for (var i = 0; i < BootTrace.MaxHops; i++)
            {
                trace.Mark(serial, HopKind.Failed, new HopDetail(Lease) { Text = new string('t', 32), Reason = new string('r', 32), Other = new Ipv4((uint)i) });
            }
        }, BootTrace.MaxHops);

        Assert.InRange(each, 8 * KiB, 22 * KiB);
    }

    [Fact]
    public void Ordinary_machines_take_three_kilobytes_each()
    {
        var each = Measure((trace, name) =>
        {
            var (mac, serial) = (Sample.Mac(name), Sample.Serial($"box-{name}"));
            trace.Mark(mac, HopKind.Discover, "PXE firmware, uefi-x64");
            trace.Link(mac, serial);
            // Firmware, loader and system ask for an address each; a boot is some twenty steps.
            for (var i = 0; i < 12; i++)
            {
                trace.Mark(mac, HopKind.Offer, new HopDetail(Lease) { Text = "ipxe.efi", Address = Sample.Address("10.0.0.1"), Other = new Ipv4((uint)i) });
            }

            for (var i = 0; i < 8; i++)
            {
                trace.Mark(serial, HopKind.Config, $"config of {name}, step {i}");
            }
        }, strangersHops: 4);

        Assert.InRange(each, KiB, 4 * KiB);
    }

    // Fills every place: machines with a record, strangers that told a serial, strangers of which only the MAC was seen.
    private long Measure(Action<BootTrace, int> fill, int strangersHops)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var trace = new BootTrace(TimeProvider.System, serial => int.Parse(Digits(serial.Text), CultureInfo.InvariantCulture) < Machines, Machines, Strangers);
        var empty = GC.GetTotalMemory(forceFullCollection: true) - before;
        for (var i = 0; i < Machines + Strangers; i++)
        {
            fill(trace, i);
        }

        for (var i = 0; i < Strangers; i++)
        {
            for (var hop = 0; hop < strangersHops; hop++)
            {
                trace.Mark(Sample.Mac(0x800000 + i), HopKind.Silent, new HopDetail(Lease) { Text = new string('t', 64), Other = new Ipv4((uint)hop) });
            }
        }

        var all = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(2 * Strangers, trace.Strangers().Length);
        var each = (all - empty) / (Machines + (2 * Strangers));
        output.WriteLine(
            $"{Machines} machines and 2 x {Strangers} strangers: {all / 1e6:0.0} MB, {each} bytes each; its ring of events alone: {empty / 1e6:0.00} MB");
        GC.KeepAlive(trace);
        return each;
    }

    private static string Digits(string text) => text.StartsWith("box-", StringComparison.Ordinal) ? text[4..] : text;
}
