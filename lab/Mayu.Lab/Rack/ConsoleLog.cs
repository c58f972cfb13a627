using System.Text;

namespace Mayu.Lab.Rack;

/// <summary>What a machine wrote on its serial console, over all its boots, in one file.</summary>
public sealed class ConsoleLog
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    internal ConsoleLog(string path) => Path = path;

    public string Path { get; }

    /// <summary>Its length in bytes now: a place to search from later.</summary>
    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>The last lines, without control sequences.</summary>
    public string Tail(int lines = 15) => LogTail.Read(Path, lines);

    /// <summary>Everything from a place on, as it was written.</summary>
    public string ReadFrom(long from)
    {
        if (!File.Exists(Path))
        {
            return string.Empty;
        }

        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(Math.Min(from, file.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    /// <summary>Writes a line of ours between two boots.</summary>
    internal void Mark(string text) => File.AppendAllText(Path, $"\n--- {text} ---\n");

    /// <summary>Waits until the text appears after a place.</summary>
    /// <returns>False when it is not there and will not come any more, or the token ended the wait.</returns>
    internal async Task<bool> WaitForAsync(string text, long from, Func<bool> isOver, CancellationToken cancellation)
    {
        var searched = from;
        while (true)
        {
            // Asked before the last look, so that last words are not missed.
            var last = cancellation.IsCancellationRequested || isOver();
            var fresh = ReadFrom(searched);
            if (fresh.Contains(text, StringComparison.Ordinal))
            {
                return true;
            }

            // The text may have begun at the end of what is there now.
            searched += Math.Max(0, fresh.Length - text.Length);
            if (last)
            {
                return false;
            }

            await Task.Delay(Interval, CancellationToken.None);
        }
    }
}
