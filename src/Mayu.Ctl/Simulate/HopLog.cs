using System.Text.RegularExpressions;

namespace Mayu.Ctl.Simulate;

/// <summary>Notes each hop as it is over.</summary>
/// <param name="clock">Measures.</param>
/// <param name="tell">Told of each hop at once.</param>
internal sealed partial class HopLog(TimeProvider clock, Action<SimulatedHop> tell)
{
    /// <summary>The longest detail that is printed, in characters; what is longer is cut.</summary>
    public const int LongestDetail = 4096;

    private readonly List<SimulatedHop> _hops = [];
    private long _began;

    /// <summary>All so far.</summary>
    public IReadOnlyList<SimulatedHop> Hops => _hops;

    /// <summary>A hop begins that takes time.</summary>
    public void Begin() => _began = clock.GetTimestamp();

    /// <summary>It is over.</summary>
    public void End(string name, string detail, long? bytes = null) =>
        Add(new SimulatedHop { Name = name, Detail = detail, Bytes = bytes, DurationMs = Math.Round(clock.GetElapsedTime(_began).TotalMilliseconds, 1) });

    /// <summary>A hop that takes no time.</summary>
    public void Add(string name, string detail) => Add(new SimulatedHop { Name = name, Detail = detail });

    /// <summary>A text as it is printed: servers and scripts say as much as they like.</summary>
    public static string Cut(string text) => text.Length <= LongestDetail ? text : $"{text[..LongestDetail]}… ({text.Length} characters)";

    private void Add(SimulatedHop hop)
    {
        hop = hop with { Detail = Cut(BootToken().Replace(hop.Detail, "TOKEN")) };
        _hops.Add(hop);
        tell(hop);
    }

    // Who has a boot token gets the config of its machine.
    [GeneratedRegex(@"(?<=boot/|mayu\.token=)[0-9a-f]{32}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BootToken();
}
