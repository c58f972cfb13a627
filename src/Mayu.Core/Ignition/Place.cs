using Mayu.Core.Yaml;
using Mayu.Primitives;

namespace Mayu.Core.Ignition;

/// <summary>Where a value of a config is written, for errors.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Path">The keys that lead to it, as they are written: <c>storage.files[2].mode</c>.</param>
internal readonly record struct Place(int Line, int Column, string Path)
{
    private const int LongestKey = 60;

    /// <summary>The place of a node, with the keys that lead there.</summary>
    public static Place Of(YamlNode? node, string path) => new(node?.Line ?? 1, node?.Column ?? 1, path);

    /// <summary>The keys that lead to a key below this one. A key comes from a template, so it is shortened and shown without control characters.</summary>
    public string PathBelow(string key) => key.Length <= LongestKey && !key.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? CoreSchema.Below(Path, key)
        : CoreSchema.Below(Path, string.Concat((CutText.Of(key, LongestKey) ?? "").Select(c => char.IsControl(c) ? '?' : c)));
}
