using System.Globalization;

namespace Mayu.Primitives;

/// <summary>Numbers of things in sentences.</summary>
public static class Counted
{
    /// <summary><c>1 machine</c>, <c>2 machines</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">One of them.</param>
    /// <param name="several">More of them; null: the same with an s.</param>
    public static string Of(long count, string one, string? several = null) =>
        count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count} {several ?? one + "s"}");
}
