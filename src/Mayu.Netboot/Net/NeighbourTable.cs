using System.Globalization;
using System.Numerics;
using Mayu.Linux.Files;

namespace Mayu.Netboot.Net;

/// <summary>
/// The kernel's neighbour table (arp(7)): which MAC each address of the segment has. One table serves all network namespaces of the host. What finds
/// it full is not sent, and an ARP question for this host's own MAC is not answered. In a namespace of its own the kernel shows neither its limit
/// nor what is in it: then the usual limit is taken, and nothing can be said. Safe from any thread.
/// </summary>
/// <param name="clock">The time.</param>
/// <param name="proc">Where the kernel shows itself.</param>
internal sealed class NeighbourTable(TimeProvider clock, string proc = "/proc")
{
    /// <summary>The name of its limit, in entries.</summary>
    public const string LimitName = "net.ipv4.neigh.default.gc_thresh3";

    private const int UsualLimit = 1024;
    private const int LeastAdvice = 4096;
    private const int MostBytes = 1 << 20;
    private const int MostUnresolved = 16_384;
    private const int NewsMinutes = 10;
    private const string FullColumn = "table_fulls";

    private readonly Lock _gate = new();
    private long _lost = -1;
    private long _lostAt;
    private bool _hasLost;

    /// <summary>How many entries it may have.</summary>
    public int Limit => KnownLimit ?? UsualLimit;

    /// <summary>The same; null where the kernel does not show it.</summary>
    public int? KnownLimit => ReadLimit();

    /// <summary>
    /// How many addresses of one interface may be waited for that answer no ARP: a quarter of the table for all interfaces together, so that at least
    /// half of it is left where other programs do the same. A table without a limit to speak of allows no more than 16,384.
    /// </summary>
    /// <param name="interfaces">How many there are, 1 or more.</param>
    public int UnresolvedOn(int interfaces) => Math.Clamp(Limit / 4 / interfaces, 1, MostUnresolved);

    /// <summary>What an operator should know, if anything.</summary>
    /// <param name="machines">How many machines there are, each with an entry while it boots.</param>
    public IEnumerable<string> Remarks(int machines)
    {
        if (ReadLimit() is not { } limit)
        {
            yield break;
        }

        var remedy = $"sysctl -w {LimitName}={BitOperations.RoundUpToPowerOf2((uint)Math.Max(LeastAdvice, 4L * machines))}";
        var (entries, lost) = ReadUse();
        if (HasLostLately(lost))
        {
            yield return $"alarm: the kernel's neighbour table was full within {NewsMinutes} minutes ({LimitName} = {limit}): machines then reach neither TFTP nor HTTP. "
                + $"There are many hosts, or one of them forges sender addresses. Enlarge it: {remedy}";
        }
        else if (entries >= limit / 10 * 9)
        {
            yield return $"alarm: the kernel's neighbour table is nearly full, {entries} of {limit} entries ({LimitName}): no further machine can be reached. Enlarge it: {remedy}";
        }
        else if (machines > limit / 2)
        {
            yield return $"neighbours: {machines} machines need more than half of the kernel's neighbour table ({LimitName} = {limit}). Enlarge it: {remedy}";
        }
    }

    // What was lost before the first look is history.
    private bool HasLostLately(long lost)
    {
        lock (_gate)
        {
            if (_lost >= 0 && lost > _lost)
            {
                (_hasLost, _lostAt) = (true, clock.GetTimestamp());
            }

            _lost = lost;
            return _hasLost && clock.GetElapsedTime(_lostAt) < TimeSpan.FromMinutes(NewsMinutes);
        }
    }

    private int? ReadLimit() =>
        Read("sys/net/ipv4/neigh/default/gc_thresh3") is [var text, ..] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit : null;

    // A line of names, then one of hexadecimal numbers for each processor; the first column is the same in each.
    private (long Entries, long Lost) ReadUse()
    {
        if (Read("net/stat/arp_cache") is not [var names, .. { Length: > 0 } lines])
        {
            return default;
        }

        var column = Array.IndexOf(Words(names), FullColumn);
        return (Number(lines[0], 0), lines.Sum(line => Number(line, column)));
    }

    private string[] Read(string file)
    {
        try
        {
            return BoundedFile.ReadText(Path.Combine(proc, file), MostBytes).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static long Number(string line, int column) =>
        Words(line) is var words && column >= 0 && column < words.Length && long.TryParse(words[column], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
