using System.Runtime.InteropServices;

namespace Mayu.Core.Rendering;

/// <summary>Which place of which template or snippet printed each part of a text.</summary>
internal sealed class SourceMap
{
    private readonly List<Part> _parts = [];

    /// <summary>The map of a part of a template that is printed as it is.</summary>
    /// <param name="file">The template's file.</param>
    /// <param name="template">The whole template.</param>
    /// <param name="start">Where the part begins, in characters.</param>
    /// <param name="length">How long it is.</param>
    public static SourceMap OfRawText(string file, string template, int start, int length)
    {
        var map = new SourceMap();
        var before = template.AsSpan(0, start);
        var line = before.Count('\n') + 1;
        var column = start - (before.LastIndexOf('\n') + 1) + 1;
        for (var at = 0; at < length; (line, column) = (line + 1, 1))
        {
            map._parts.Add(new Part(at, new TemplatePlace(file, line, column), IsRaw: true));
            at = EndOfLine(template.AsSpan(start, length), at);
        }

        return map;
    }

    /// <summary>The map of a value, which comes from one place.</summary>
    public static SourceMap OfValue(TemplatePlace place)
    {
        var map = new SourceMap();
        map._parts.Add(new Part(0, place, IsRaw: false));
        return map;
    }

    /// <summary>Adds the map of a text that was printed, perhaps with more spaces at the beginning of its lines.</summary>
    /// <param name="at">Where it begins in this map's text.</param>
    /// <param name="printed">The text as it was printed.</param>
    /// <param name="text">The text as <paramref name="map"/> has it: the same lines, without those spaces.</param>
    /// <param name="map">Where the text comes from.</param>
    public void Add(int at, ReadOnlySpan<char> printed, ReadOnlySpan<char> text, SourceMap map)
    {
        var parts = CollectionsMarshal.AsSpan(map._parts);
        for (int i = 0, lineOfText = 0, lineOfPrinted = 0; i < parts.Length;)
        {
            var (endOfText, endOfPrinted) = (EndOfLine(text, lineOfText), EndOfLine(printed, lineOfPrinted));
            var spaces = endOfPrinted - lineOfPrinted - (endOfText - lineOfText);
            for (; i < parts.Length && (parts[i].Start < endOfText || endOfText == text.Length); i++)
            {
                var (start, place, isRaw) = parts[i];
                _parts.Add(start == lineOfText
                    ? new Part(at + lineOfPrinted, isRaw ? place with { Column = place.Column - spaces } : place, isRaw)
                    : new Part(at + lineOfPrinted + start - lineOfText + spaces, place, isRaw));
            }

            (lineOfText, lineOfPrinted) = (endOfText, endOfPrinted);
        }
    }

    /// <summary>Where a place of the text comes from; null if nothing is known about it.</summary>
    /// <param name="text">The text of this map.</param>
    /// <param name="line">The line in it, from 1.</param>
    /// <param name="column">The column in it, from 1.</param>
    public TemplatePlace? PlaceOf(ReadOnlySpan<char> text, int line, int column)
    {
        var start = 0;
        for (; line > 1 && start < text.Length; line--)
        {
            start = EndOfLine(text, start);
        }

        var at = Math.Min(start + column - 1, text.Length);
        var part = _parts.FindLast(part => part.Start <= at);
        return part is null ? null
            : part.IsRaw ? part.Place with { Column = Math.Max(1, part.Place.Column + at - part.Start) }
            : part.Place;
    }

    private static int EndOfLine(ReadOnlySpan<char> text, int start) => text[start..].IndexOf('\n') is >= 0 and var length ? start + length + 1 : text.Length;

    private sealed record Part(int Start, TemplatePlace Place, bool IsRaw);
}

/// <summary>A place in a template or a snippet.</summary>
/// <param name="File">Its file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
public sealed record TemplatePlace(string File, int Line, int Column);
