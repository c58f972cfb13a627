using System.Text;

namespace Mayu.Core.Ignition.Checks;

/// <summary>The syntax of unit files (systemd.syntax(7)), with the limits of Ignition's reader.</summary>
internal static class UnitSyntax
{
    // Ignition reads no longer line, although systemd does.
    private const int LongestLine = 2048;

    /// <summary>What is wrong with a unit file; null where nothing is.</summary>
    /// <param name="contents">The file.</param>
    /// <param name="sections">The sections that have a setting.</param>
    public static string? Problem(string contents, out HashSet<string> sections)
    {
        sections = new HashSet<string>(StringComparer.Ordinal);
        string? section = null;
        var number = 0;
        var continues = false;
        foreach (var raw in contents.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (Encoding.UTF8.GetByteCount(raw) > LongestLine)
            {
                return $"line {number} of the unit has more than {LongestLine} bytes, which Ignition does not read: end it with \\ and go on in the next line";
            }

            if (raw.Contains('\0', StringComparison.Ordinal))
            {
                return $"line {number} of the unit has the character NUL";
            }

            if (line.Length == 0 || line[0] is '#' or ';')
            {
                // A comment between continued lines belongs to none of them; an empty line ends a setting.
                continues &= line.Length > 0;
            }
            else if (continues)
            {
                continues = line.EndsWith('\\');
            }
            else if (line[0] == '[')
            {
                if (line.Length < 3 || line.IndexOf(']', StringComparison.Ordinal) != line.Length - 1)
                {
                    return $"line {number} of the unit begins with [ and is not the head of a section: write [Service] alone in a line";
                }

                section = line[1..^1];
            }
            else if (section is null)
            {
                return $"line {number} of the unit is in no section: write [Unit] or [Service] before it";
            }
            else if (line.IndexOf('=', StringComparison.Ordinal) <= 0)
            {
                return $"line {number} of the unit is no setting: write Key=value";
            }
            else
            {
                sections.Add(section);
                continues = line.EndsWith('\\');
            }
        }

        return null;
    }
}
