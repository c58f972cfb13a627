using System.Text;

namespace Mayu.Core.Tests.Hostile;

/// <summary>Values that were meant to be something else once they are printed in a config: what a seed makes is the same each time.</summary>
internal static class HostileValues
{
    private const int LongEach = 500;

    private static readonly string[] Parts =
    [
        "\"", "'", "\\", "\n", "\r\n", "\r", "\t", "\0", "\v", "\f", "\x1c", "\u001b[2J", "\x7f", "\u0085", "\u00a0", "\u2028", "\u2029", "\ufeff", "\ufffe", "\ufffd", "\ud800", "\udc00", "\ud83d\ude00", "é", "x", "a.b", "node-1", "/dev/sda",
        "&a ", "*a", "<<: ", "!!int ", "!!binary ", "? ", "- ", ": ", "# ", "|", ">", "@", "%YAML 1.1\n", "\n---\n", "\n...\n", "yes", "0644", "1e3", "12:30:45", "~", "null", "]", "[", "{", "}", ",",
        "{{ 1 }}", "{%", "}}", "{{", "${x}", "$(id)", "`id`", "$HOME", "&&", "||", ";", "\\u0022", "\\\n", "%", "%00", "%zz", "%H", "%n", "data:", "../", "/", "data:;base64,AA==",
        "</Value>", "<!--", "]]>", "<![CDATA[", "&amp;", "&#0;", "&lt;", "<?x?>", "\",\"x\":\"", "\nignition: {version: 3.3.0}\n", "\n[Service]\nExecStart=/bin/id\n",
        "\n%pre\nid\n%end\n", "\n%include /x\n", "\nd-i preseed/late_command string id\n", "\nchain http://x/\n", "\n#cloud-config\nruncmd: [id]\n", "\nMIME-Version: 1.0\n\n", "'\\''", "\n'\nid\n'", "--", " ", "  ", "=", "$6$",
    ];

    /// <summary>How many each kind of config is tried with: 10,000 (<c>./test full</c>), or a share of them before that.</summary>
    /// <param name="share">For what takes long, a smaller share.</param>
    public static int Count(int share = 5) => Environment.GetEnvironmentVariable("TEST_LEVEL") == "full" ? 10_000 : 10_000 / share;

    /// <summary>So many of them, each time the same.</summary>
    /// <param name="seed">Another seed makes others.</param>
    /// <param name="count">How many.</param>
    public static IEnumerable<string> Of(int seed, int count)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            yield return i % LongEach == LongEach / 2 ? string.Concat(Enumerable.Repeat(Parts[random.Next(Parts.Length)], 65536)).Substring(0, 65536) : One(random);
        }
    }

    /// <summary>The value as a failure can be read, and tried again.</summary>
    public static string Shown(string value)
    {
        var shown = new StringBuilder();
        foreach (var c in value.AsSpan(0, Math.Min(value.Length, 200)))
        {
            shown.Append(c is >= ' ' and <= '~' and not '\\' ? $"{c}" : $"\\u{(int)c:x4}");
        }

        return $"\"{shown}\" ({value.Length} characters)";
    }

    private static string One(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Parts[random.Next(Parts.Length)]));
}
