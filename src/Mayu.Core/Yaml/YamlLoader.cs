using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Primitives;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mayu.Core.Yaml;

/// <summary>
/// Loads one YAML document within <see cref="YamlLimits"/>: the only place where YAML is read. Each limit is kept while the document is
/// read, event by event, so whatever it says costs no more than its size; what it gives may be walked by recursion.
/// </summary>
public sealed class YamlLoader
{
    private const string CorePrefix = "tag:yaml.org,2002:";

    private readonly string _text;
    private readonly Parser _parser;
    private readonly Dictionary<string, YamlNode?> _anchors = new(StringComparer.Ordinal);
    private int _nodes;
    private int _aliases;
    private long _length;

    private YamlLoader(string text)
    {
        _text = text;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>Loads a document.</summary>
    /// <returns>Its root; null where there is no document at all.</returns>
    /// <exception cref="YamlFaultException">It is no YAML, more than one document, beyond a limit, or has a tag that is not of the core schema.</exception>
    public static YamlNode? Load(string text)
    {
        if (text.Length > YamlLimits.MaxLength)
        {
            throw new YamlFaultException($"it has {text.Length} characters; at most {YamlLimits.MaxLength} are allowed", 1, 1);
        }

        var content = text.StartsWith('\ufeff') ? text[1..] : text;
        YamlCharacters.Check(content);
        return new YamlLoader(content).Document();
    }

    private YamlNode? Document()
    {
        Next(); // the stream's start
        if (Next() is not DocumentStart start)
        {
            return null;
        }

        if (start.Version is { Version: var version } && version is not { Major: 1, Minor: 2 })
        {
            throw Fault(start, $"it declares YAML {version.Major}.{version.Minor}, but Mayu reads 1.2: remove the %YAML line");
        }

        Next();
        var root = Node(depth: 0);
        Next(); // the document's end
        return Next() is StreamEnd ? root : throw Fault(_parser.Current!, "it has more than one YAML document: another begins here");
    }

    // The parser stands at the node's first event, and afterwards at its last.
    private YamlNode Node(int depth)
    {
        var begin = _parser.Current!;
        if (begin is AnchorAlias alias)
        {
            return Aliased(alias, depth);
        }

        if (begin is not NodeEvent { Anchor: var anchor })
        {
            throw Fault(begin, "it is not valid YAML: a key or a value is missing here");
        }

        Count(begin, nodes: 1, length: (begin as Scalar)?.Value.Length ?? 0);
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = null;
        }

        YamlNode node = begin switch
        {
            MappingStart => Map(begin, Deeper(begin, depth)),
            SequenceStart => List(begin, Deeper(begin, depth)),
            Scalar scalar => ScalarOf(scalar),
            _ => throw Fault(begin, "it is not valid YAML"),
        };
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = node;
        }

        return node;
    }

    private YamlNode Aliased(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
        {
            throw Fault(alias, "there is no anchor (&name) before this alias");
        }

        if (node is null)
        {
            throw Fault(alias, "this alias is inside the node that it refers to");
        }

        if (++_aliases > YamlLimits.MaxAliases)
        {
            throw Fault(alias, $"it has more than {YamlLimits.MaxAliases} aliases");
        }

        if (depth + node.Height > YamlLimits.MaxDepth)
        {
            throw TooDeep(alias);
        }

        Count(alias, node.Nodes, node.Length);
        return node;
    }

    private YamlMap Map(ParsingEvent begin, int depth)
    {
        CheckTag(begin, "map");
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (Next() is not MappingEnd)
        {
            var place = _parser.Current!;
            if (Node(depth) is not YamlScalar key)
            {
                throw Fault(place, "a key must be a single value, not a map or a list");
            }

            if (!lines.TryAdd(key.Text, Line(place)))
            {
                throw Fault(place, $"it is not valid YAML: this key is on line {lines[key.Text]} already");
            }

            Next();
            entries.Add(new YamlEntry(key, Node(depth)));
        }

        return new YamlMap(Line(begin), Column(begin), entries.ToImmutable());
    }

    private YamlList List(ParsingEvent begin, int depth)
    {
        CheckTag(begin, "seq");
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (Next() is not SequenceEnd)
        {
            items.Add(Node(depth));
        }

        return new YamlList(Line(begin), Column(begin), items.ToImmutable());
    }

    private static YamlScalar ScalarOf(Scalar scalar) => new(Line(scalar), Column(scalar), scalar.Value, TagOf(scalar));

    private static YamlTag TagOf(Scalar scalar)
    {
        if (scalar.Tag.IsEmpty)
        {
            return scalar.Style == ScalarStyle.Plain ? YamlTag.Plain : YamlTag.Text;
        }

        return scalar.Tag.Value switch
        {
            "!" or CorePrefix + "str" => YamlTag.Text,
            CorePrefix + "int" => YamlTag.Whole,
            CorePrefix + "float" => YamlTag.Real,
            CorePrefix + "bool" => YamlTag.Boolean,
            CorePrefix + "null" => YamlTag.Null,
            _ => throw OtherTag(scalar),
        };
    }

    private static void CheckTag(ParsingEvent begin, string own)
    {
        var tag = ((NodeEvent)begin).Tag;
        if (!tag.IsEmpty && tag.Value is not "!" && tag.Value != CorePrefix + own)
        {
            throw OtherTag(begin);
        }
    }

    private static YamlFaultException OtherTag(ParsingEvent place) =>
        Fault(place, "its tag is not supported here: a value takes !!str, !!int, !!float, !!bool or !!null, a list !!seq, a map !!map");

    private static int Deeper(ParsingEvent place, int depth) => depth < YamlLimits.MaxDepth ? depth + 1 : throw TooDeep(place);

    private void Count(ParsingEvent place, int nodes, long length)
    {
        _nodes += nodes;
        _length += length;
        if (_nodes > YamlLimits.MaxNodes)
        {
            throw Fault(place, $"it has more than {YamlLimits.MaxNodes} nodes here, with aliases expanded");
        }

        if (_length > YamlLimits.MaxExpandedLength)
        {
            throw Fault(place, $"it has more than {YamlLimits.MaxExpandedLength} characters here, with aliases expanded");
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "it goes on as a fault of the document, with its place")]
    private ParsingEvent? Next()
    {
        try
        {
            _parser.MoveNext();
            return _parser.Current;
        }
        catch (YamlException e)
        {
            // Of a tab that indents the parser says that it is in line 1, or where the value before it ends.
            var tab = YamlCharacters.IndentingTab(_text, fromLine: (int)(e.Start.Index == 0 ? _parser.Current?.End.Line ?? 1 : e.Start.Line));
            tab = e.Start.Index == 0 || tab?.Line <= e.End.Line + 1 ? tab : null;
            throw new YamlFaultException($"it is not valid YAML: {FailureText.WithoutQuotes(e.Reason())}", tab?.Line ?? (int)e.Start.Line, tab?.Column ?? (int)e.Start.Column);
        }
        catch (Exception)
        {
            // Not all that is no YAML is foreseen in the parser: !<>, an escape of no character ("\UFFFFFFFF"), some lines of a plain scalar.
            var end = _parser.Current?.End ?? new Mark(0, 1, 1);
            throw new YamlFaultException("it is not valid YAML after this point", (int)end.Line, (int)end.Column);
        }
    }

    private static YamlFaultException TooDeep(ParsingEvent place) =>
        Fault(place, $"maps and lists are nested more than {YamlLimits.MaxDepth} deep here");

    private static YamlFaultException Fault(ParsingEvent place, string problem) => new(problem, Line(place), Column(place));

    private static int Line(ParsingEvent place) => (int)place.Start.Line;

    private static int Column(ParsingEvent place) => (int)place.Start.Column;
}
