using Mayu.Core.Yaml;
using Scriban.Runtime;

namespace Mayu.Core.Rendering;

/// <summary>
/// A template can put a map into itself, or make lists of lists of lists. Scriban follows such a value without an end where it says in an error
/// what it was given, which ends the process; so none gets as far as a function.
/// </summary>
internal static class ValueBounds
{
    /// <summary>Whether a value is too deep, or has too much in it; what contains itself is both.</summary>
    /// <param name="value">The value.</param>
    /// <param name="count">How many values it is and has in it.</param>
    public static bool IsBeyond(object? value, out int count)
    {
        var budget = YamlLimits.MaxNodes;
        var isBeyond = value is ScriptArray or ScriptObject && IsBeyond(value, 0, ref budget);
        count = Math.Max(1, YamlLimits.MaxNodes - budget);
        return isBeyond;
    }

    private static bool IsBeyond(object? value, int depth, ref int budget)
    {
        if (value is not (ScriptArray or ScriptObject))
        {
            return --budget < 0;
        }

        if (--budget < 0 || depth == YamlLimits.MaxDepth)
        {
            return true;
        }

        if (value is ScriptArray list)
        {
            foreach (var item in list)
            {
                if (IsBeyond(item, depth + 1, ref budget))
                {
                    return true;
                }
            }

            return false;
        }

        foreach (var (_, item) in (ScriptObject)value)
        {
            if (IsBeyond(item, depth + 1, ref budget))
            {
                return true;
            }
        }

        return false;
    }
}
