using System.Globalization;
using Mayu.Client.Contracts;
using Mayu.Primitives;

namespace Mayu.Client;

/// <summary>How a person names a machine: its serial, the beginning of one, or a MAC in any usual form.</summary>
public static class MachineName
{
    /// <summary>The most names that a sentence lists.</summary>
    private const int MostListed = 10;

    /// <summary>
    /// Reads a MAC as switches, operating systems and labels write it: <c>aa:bb:cc:dd:ee:ff</c>, <c>aa-bb-cc-dd-ee-ff</c>, <c>aabb.ccdd.eeff</c>
    /// or <c>aabbccddeeff</c>, in upper or lower case.
    /// </summary>
    /// <param name="text">What was typed.</param>
    /// <param name="mac">The MAC as the API writes it: lower case, with colons.</param>
    public static bool TryParseMac(string text, out string mac)
    {
        ArgumentNullException.ThrowIfNull(text);
        var digits = text switch
        {
            { Length: 17 } when text[2] is ':' or '-' && Enumerable.Range(0, 5).All(i => text[(i * 3) + 2] == text[2]) => text.Replace(text[2..3], "", StringComparison.Ordinal),
            { Length: 14 } when text[4] == '.' && text[9] == '.' => text.Remove(9, 1).Remove(4, 1),
            _ => text,
        };
        mac = "";
        if (digits.Length != 12 || !ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))
        {
            return false;
        }

        mac = string.Join(':', digits.ToLowerInvariant().Chunk(2).Select(octet => new string(octet)));
        return MacAddress.TryParse(mac, out _);
    }

    /// <summary>A MAC as the API writes it; what is not a MAC stays as it is.</summary>
    public static string UsualMac(string text) => TryParseMac(text, out var mac) ? mac : text;

    /// <summary>The one machine that a name means, where no serial is exactly that.</summary>
    /// <param name="name">What was typed.</param>
    /// <param name="machines">All machines.</param>
    /// <param name="isWhole">Whether the beginning of a serial is not enough.</param>
    /// <param name="unknown">What the server said of the name: the answer where nothing has it.</param>
    internal static ApiResult<Machine> Find(string name, IReadOnlyList<Machine> machines, bool isWhole, ApiFailure unknown)
    {
        if (TryParseMac(name, out var mac))
        {
            var owners = machines.Where(machine => machine.MacAddresses.Contains(mac, StringComparer.Ordinal)).ToList();
            if (owners.Count > 0)
            {
                return One($"the MAC {mac}", owners);
            }
        }

        if (!Serial.TryParse(name, out var serial, out _))
        {
            return ApiResult<Machine>.Of(unknown);
        }

        var candidates = machines.Where(machine => machine.Serial.StartsWith(serial.Text, StringComparison.Ordinal)).ToList();
        if (candidates.Count > 0 && !isWhole)
        {
            return One($"'{name}'", candidates);
        }

        var near = candidates is [var only] ? only.Serial : Suggestion.Nearest(serial.Text, machines.Select(machine => machine.Serial));
        return ApiResult<Machine>.Of(near is null ? unknown : unknown with { Advice = $"did you mean '{near}'?" });
    }

    private static ApiResult<Machine> One(string what, List<Machine> machines)
    {
        if (machines is [var only])
        {
            return ApiResult<Machine>.Of(only);
        }

        var more = machines.Count > MostListed ? $" and {machines.Count - MostListed} more" : "";
        return ApiResult<Machine>.Of(new ApiFailure(
            ApiFailureKind.Ambiguous,
            $"{what} means {machines.Count} machines",
            string.Join(", ", machines.Take(MostListed).Select(machine => machine.Serial)) + more,
            "type more of the serial"));
    }
}
