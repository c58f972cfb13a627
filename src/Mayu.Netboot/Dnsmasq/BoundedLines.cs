using System.Runtime.CompilerServices;
using Mayu.Protocols.Net;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>Reads a program's output line by line. Whatever it writes, a line is printable and not long, and memory stays flat.</summary>
internal static class BoundedLines
{
    /// <summary>The bytes of a line that are kept; dnsmasq's own limit is 1,024.</summary>
    public const int MaxLine = 1024;

    /// <summary>The lines, until the output ends. What is longer is cut; every byte that is not printable ASCII is escaped.</summary>
    public static async IAsyncEnumerable<string> ReadAsync(Stream output, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var buffer = new byte[4096];
        var line = new byte[MaxLine];
        var length = 0;
        int read;
        while ((read = await output.ReadAsync(buffer, cancellationToken)) > 0)
        {
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] == (byte)'\n')
                {
                    yield return WireText.Printable(line.AsSpan(0, length), MaxLine);
                    length = 0;
                }
                else if (length < MaxLine)
                {
                    line[length++] = buffer[i];
                }
            }
        }

        if (length > 0)
        {
            yield return WireText.Printable(line.AsSpan(0, length), MaxLine);
        }
    }
}
