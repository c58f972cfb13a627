using System.Globalization;

namespace Mayu.Lab.Demo;

/// <summary>For logs: one line for each change of a machine, and for every quarter of a long step.</summary>
internal sealed class LineView(TextWriter output) : IRackView
{
    private readonly Dictionary<string, string> _shown = [];

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
                    await output.WriteLineAsync($"{line.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),7} s  {text}");
                }
            }
        }
    }

    /// <summary>The line without its time: when this changes, it is shown again.</summary>
    internal static string Describe(MachineLine line)
    {
        var text = $"{line.Serial}  {line.Firmware}  {line.State,-10}  {line.Profile,-8}  {line.Address,-11}  {line.Hop}";
        if (line.Done is { } done)
        {
            text += $"  {Math.Floor(done * 4) * 25:0} %";
        }

        return line.Problem is { } problem && !line.IsRunning ? $"{text}  PROBLEM: {problem}" : text;
    }
}
