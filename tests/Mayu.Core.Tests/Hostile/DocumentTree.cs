using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mayu.Core.Tests.Yaml;
using Mayu.Core.Yaml;

namespace Mayu.Core.Tests.Hostile;

/// <summary>One place of a document, and the text in it.</summary>
/// <param name="Name">The place.</param>
/// <param name="Text">What is there.</param>
internal readonly record struct Leaf(string Name, string Text);

/// <summary>A document as its places, read by the rules of its language; and whether two differ in one value alone.</summary>
internal static partial class DocumentTree
{
    public static List<Leaf> OfJson(string text) => OfNode(JsonNode.Parse(text));

    public static List<Leaf> OfYaml(string text) => OfNode(YamlToJson.Convert(YamlLoader.Load(text)));

    /// <summary>Elements and attributes in their order.</summary>
    public static List<Leaf> OfXml(string text)
    {
        var leaves = new List<Leaf>();
        foreach (var element in XDocument.Parse(text, LoadOptions.PreserveWhitespace).Descendants())
        {
            var place = string.Join('/', element.AncestorsAndSelf().Reverse().Select(one => one.Name.LocalName));
            leaves.AddRange(element.Attributes().Select(attribute => new Leaf($"{place}@{attribute.Name.LocalName}", attribute.Value)));
            leaves.Add(new Leaf(place, string.Concat(element.Nodes().OfType<XText>().Select(node => node.Value))));
        }

        return leaves;
    }

    /// <summary>Preseed: owner, question, type and value on each line (debconf-set-selections(1)); a final backslash draws the next line to it.</summary>
    public static List<Leaf> OfPreseed(string text) =>
    [
        .. text.Replace("\\\n", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).SelectMany(line =>
        {
            var fields = line.Split(' ', 4);
            return fields.Length < 3 ? throw new FormatException($"no answer: {line}") : new[] { new Leaf(string.Join(' ', fields[..3]), fields.ElementAtOrDefault(3) ?? "") };
        }),
    ];

    /// <summary>Kickstart: lines as Python splits them, which pykickstart reads with, each of a shell's words; what is not closed on its line is no kickstart file.</summary>
    public static List<Leaf> OfKickstart(string text)
    {
        var leaves = new List<Leaf>();
        var (number, words) = (0, 0);
        foreach (var line in PythonLineEnd().Split(text))
        {
            words = 0;
            number++;
            leaves.AddRange(ShellWords(line).Select(word => new Leaf($"line {number} word {words++}", word)));
        }

        return leaves;
    }

    /// <summary>A shell script as its words (XCU §2.2): quotes and backslashes mean what they mean, everything else is text.</summary>
    public static List<Leaf> OfShell(string text) => [.. ShellWords(text).Select((word, at) => new Leaf(at.ToString(CultureInfo.InvariantCulture), word))];

    /// <summary>Lines, such as of a systemd unit.</summary>
    public static List<Leaf> OfLines(string text) => [.. text.Split('\n').Select((line, at) => new Leaf(at.ToString(CultureInfo.InvariantCulture), line))];

    /// <summary>How one tree differs from another apart from a value; null: not at all.</summary>
    /// <param name="benign">The tree with a value that is harmless.</param>
    /// <param name="mark">That value.</param>
    /// <param name="hostile">The tree with another.</param>
    /// <param name="value">The other.</param>
    public static string? Difference(IReadOnlyList<Leaf> benign, string mark, IReadOnlyList<Leaf> hostile, string value)
    {
        if (benign.Count != hostile.Count)
        {
            return $"{hostile.Count} places, not {benign.Count}";
        }

        for (var i = 0; i < benign.Count; i++)
        {
            if (benign[i].Name != hostile[i].Name)
            {
                return $"the place {hostile[i].Name}, not {benign[i].Name}";
            }

            if (TextDifference(benign[i].Text, mark, hostile[i].Text, Printed(benign[i], value)) is { } difference)
            {
                return $"{benign[i].Name}: {difference}";
            }
        }

        return null;
    }

    // Windows takes 15 characters of a computer's name, and kickstart a disk without its folder: the examples print no more.
    private static string Printed(Leaf benign, string value) =>
        benign.Name.EndsWith("/ComputerName", StringComparison.Ordinal) ? value[..Math.Min(15, value.Length)]
        : benign.Text.StartsWith("--only-use=", StringComparison.Ordinal) ? value.Replace("/dev/", "", StringComparison.Ordinal)
        : value;

    // The harmless text says in which language it is, never the other.
    private static string? TextDifference(string benign, string mark, string hostile, string value)
    {
        const string Data = "data:;base64,";
        if (benign.StartsWith(Data, StringComparison.Ordinal))
        {
            return hostile.StartsWith(Data, StringComparison.Ordinal) ? TextDifference(Decoded(benign), mark, Decoded(hostile), value) : "no data URL";
        }

        if (ReaderOf(benign) is { } read)
        {
            try
            {
                return Difference(read(benign), mark, read(hostile), value);
            }
            catch (Exception e) when (e is JsonException or FormatException)
            {
                return e.Message;
            }
        }

        if (benign.StartsWith("$6$", StringComparison.Ordinal))
        {
            return PasswordHash().IsMatch(hostile) ? null : "no hash";
        }

        // In a URL, and where the first-stage script keeps it for one.
        var isEncoded = benign.Contains("http://", StringComparison.Ordinal) || benign.StartsWith("SERIAL_WORD=", StringComparison.Ordinal);
        var expected = benign.Replace(mark, isEncoded ? Uri.EscapeDataString(value) : value, StringComparison.Ordinal);
        return hostile == expected ? null : $"{HostileValues.Shown(hostile)}, not {HostileValues.Shown(expected)}";

        static string Decoded(string url) => Encoding.UTF8.GetString(Convert.FromBase64String(url[Data.Length..]));
    }

    // A file of one line more is another file.
    private static Func<string, List<Leaf>>? ReaderOf(string benign) =>
        benign.StartsWith("{\"", StringComparison.Ordinal) && benign.EndsWith('}') ? OfJson
        : benign.StartsWith("#!/bin/sh\n", StringComparison.Ordinal) ? OfShell
        : benign.EndsWith('\n') ? OfLines
        : null;

    private static List<Leaf> OfNode(JsonNode? node)
    {
        var leaves = new List<Leaf>();
        Add("", node);
        return leaves;

        void Add(string place, JsonNode? node)
        {
            switch (node)
            {
                case JsonObject map:
                    foreach (var (name, item) in map)
                    {
                        Add($"{place}/{name}", item);
                    }

                    break;
                case JsonArray list:
                    for (var i = 0; i < list.Count; i++)
                    {
                        Add($"{place}[{i}]", list[i]);
                    }

                    break;
                default:
                    leaves.Add(new Leaf(
                        $"{place} ({node?.GetValueKind().ToString() ?? "null"})",
                        node is JsonValue text && text.TryGetValue<string>(out var said) ? said : node?.ToJsonString() ?? "null"));
                    break;
            }
        }
    }

    private static List<string> ShellWords(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case ' ' or '\t' or '\n':
                    Close();
                    break;
                case '#' when word is null:
                    i = text.IndexOf('\n', i) is >= 0 and var end ? end - 1 : text.Length;
                    break;
                case '\'':
                    var closing = text.IndexOf('\'', i + 1);
                    (word ??= new()).Append(closing < 0 ? throw new FormatException("no closing quotation mark") : text[(i + 1)..closing]);
                    i = closing;
                    break;
                case '"':
                    i = DoubleQuoted(i + 1, word ??= new());
                    break;
                case '\\' when i + 1 < text.Length:
                    (word ??= new()).Append(text[++i]);
                    break;
                default:
                    (word ??= new()).Append(text[i]);
                    break;
            }
        }

        Close();
        return words;

        void Close()
        {
            if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }

        int DoubleQuoted(int at, StringBuilder into)
        {
            for (; at < text.Length && text[at] != '"'; at++)
            {
                into.Append(text[at] == '\\' && at + 1 < text.Length ? text[++at] : text[at]);
            }

            return at < text.Length ? at : throw new FormatException("no closing quotation mark");
        }
    }

    // str.splitlines(): "Line boundaries" in Python's library reference.
    [GeneratedRegex("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex PythonLineEnd();

    [GeneratedRegex(@"^\$6\$[0-9a-f]{16}\$[./0-9A-Za-z]{86}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex PasswordHash();
}
