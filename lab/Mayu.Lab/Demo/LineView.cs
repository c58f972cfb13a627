using System.Globalization;
using Mayu.Primitives;

namespace Mayu.Lab.Demo;

/// <summary>For logs: one line for each change of a machine, and for every quarter of a long step.</summary>
/// <param name="output">Where to.</param>
/// <param name="known">Lines that were shown already, in whatever form: they are shown again when they change.</param>
/// <param name="width">The terminal's width, in columns; null where a person does not watch. A narrow one has no room for profile and address.</param>
internal sealed class LineView(TextWriter output, IReadOnlyList<MachineLine> known, int? width) : IRackView
{
    private const int LeastStep = 20;

    private readonly Dictionary<string, string> _shown = known.ToDictionary(line => line.Serial, Describe, StringComparer.Ordinal);

    public async Task WatchAsync(Func<Task<IReadOnlyList<MachineLine>?>> next)
    {
        while (await next() is { } lines)
        {
            foreach (var line in lines)
            {
                var text = Describe(line);
                if (!_shown.TryGetValue(line.Serial, out var before) || before != text)
                {
                    _shown[line.Serial] = text;
                    await output.WriteLineAsync(Fit($"{line.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),7} s  ", line));
                }
            }
        }
    }

    /// <summary>The line without its time: when this changes, it is shown again.</summary>
    internal static string Describe(MachineLine line) => $"{Start(line)}{line.Profile,-8}  {line.Address,-11}  {Step(line)}";

    private string Fit(string time, MachineLine line)
    {
        var whole = time + Describe(line);
        if (width is not { } columns || whole.Length <= columns)
        {
            return whole;
        }

        var start = time + Start(line);
        return start + string.Join('\n' + new string(' ', start.Length), WordWrap.Lines(Step(line), Math.Max(columns - start.Length, LeastStep)));
    }

    private static string Start(MachineLine line) => $"{line.Serial}  {line.Firmware}  {line.State,-10}  ";

    private static string Step(MachineLine line)
    {
        var text = line.Done is { } done ? $"{line.Hop}  {Math.Floor(done * 4) * 25:0} %" : line.Hop;
        return line.Problem is { } problem && !line.IsRunning ? $"{text}  PROBLEM: {problem}" : text;
    }
}
