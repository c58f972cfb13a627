using System.Security.Cryptography;

namespace Mayu.Lab.Rack;

/// <summary>The names a rack gives to what it makes in the kernel, all short enough for it.</summary>
internal static class RackNames
{
    /// <summary>Longest name of a Linux network interface: IFNAMSIZ (16) less the closing zero.</summary>
    public const int LongestInterfaceName = 15;

    /// <summary>What every namespace of a rack begins with, so that a sweep touches no other.</summary>
    public const string Prefix = "mayu-lab-";

    /// <summary>A name for a new rack, e.g. <c>mayu-lab-3fa91c</c>: also its namespace's.</summary>
    public static string New() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3));

    /// <summary>Whether a rack could have been given this name.</summary>
    public static bool IsRackName(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && name.Length > Prefix.Length
        && name.AsSpan(Prefix.Length).IndexOfAnyExceptInRange('0', 'f') < 0;

    /// <summary>The tap of the machine at a place in the rack, counted from 0.</summary>
    public static string Tap(int place) => CheckInterface("tap" + place);

    /// <summary>Returns the name when the kernel takes it for an interface.</summary>
    /// <exception cref="LabException">It is empty, too long, or has a character that the kernel refuses.</exception>
    public static string CheckInterface(string name)
    {
        if (name.Length is 0 or > LongestInterfaceName)
        {
            throw new LabException($"interface name '{name}' has {name.Length} characters; Linux allows 1 to {LongestInterfaceName}");
        }

        return name.AsSpan().IndexOfAny('/', ' ', ':') < 0 && name is not ("." or "..")
            ? name
            : throw new LabException($"interface name '{name}' has a character that Linux does not allow");
    }
}
