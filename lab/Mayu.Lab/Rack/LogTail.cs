using System.Text;

namespace Mayu.Lab.Rack;

/// <summary>The end of a log file, made fit for a message: no control sequences, no carriage returns.</summary>
public static class LogTail
{
    private const int LongestRead = 32 * 1024;

    /// <summary>The last lines of a file; a word about it where it is empty or missing.</summary>
    public static string Read(string path, int lines = 15)
    {
        if (!File.Exists(path))
        {
            return $"(no {path})";
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(file.Length, LongestRead), SeekOrigin.End);
        var bytes = new byte[LongestRead];
        var read = file.ReadAtLeast(bytes, LongestRead, throwOnEndOfStream: false);
        var all = Clean(Encoding.UTF8.GetString(bytes, 0, read))
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return all.Length == 0 ? $"({path} is empty)" : string.Join('\n', all.TakeLast(lines));
    }

    /// <summary>Takes terminal control sequences and control characters out of text that a console printed.</summary>
    internal static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (character == '\e')
            {
                at = EndOfSequence(text, at);
            }
            else if (character == '\n' || !char.IsControl(character))
            {
                clean.Append(character);
            }
        }

        return clean.ToString();
    }

    /// <summary>The place of a control sequence's last character: CSI ends with 0x40–0x7E (ECMA-48, 5.4).</summary>
    private static int EndOfSequence(string text, int start)
    {
        if (start + 1 >= text.Length || text[start + 1] != '[')
        {
            return Math.Min(start + 1, text.Length - 1);
        }

        var end = start + 2;
        while (end < text.Length && text[end] is < '@' or > '~')
        {
            end++;
        }

        return end;
    }
}
