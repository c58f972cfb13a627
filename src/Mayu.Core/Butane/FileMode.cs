using System.Globalization;

namespace Mayu.Core.Butane;

/// <summary>Permission bits, and what somebody may have meant by them.</summary>
internal static class FileMode
{
    /// <summary>Whether the owner may read, the group may do no more than the owner, all others no more than the group, and who may write may read.</summary>
    /// <param name="mode">The mode.</param>
    public static bool IsUsual(long mode)
    {
        var (special, owner, group, others) = (mode >> 9, (mode >> 6) & 7, (mode >> 3) & 7, mode & 7);
        return special == 0 && (owner & 4) != 0 && (group & ~owner) == 0 && (others & ~group) == 0 && group is not (2 or 3) && others is not (2 or 3);
    }

    /// <summary>The number whose octal digits are these decimal ones; null where a digit is none.</summary>
    public static long? OctalReading(long mode)
    {
        var digits = mode.ToString(CultureInfo.InvariantCulture);
        return digits.Length <= 4 && !digits.AsSpan().ContainsAnyExceptInRange('0', '7') ? Convert.ToInt64(digits, 8) : null;
    }
}
