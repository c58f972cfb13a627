using System.Globalization;

namespace Mayu.Protocols.Tests.Dhcp;

/// <summary>The captures of <c>firmware-packets.txt</c>, which are in the test program.</summary>
internal static class FirmwarePackets
{
    private static readonly Dictionary<string, byte[]> All = Read("firmware-packets.txt");

    public static IEnumerable<string> Names => All.Keys;

    /// <summary>A packet by its name there, such as <c>ovmf-http discover</c>.</summary>
    public static byte[] Named(string name) => All[name];

    /// <summary>The packets of a file of captures, by their names in it.</summary>
    public static Dictionary<string, byte[]> Read(string file)
    {
        using var resource = typeof(FirmwarePackets).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException("the captures are not in the test program");
        using var reader = new StreamReader(resource);
        var packets = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var name = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
            {
                name = line.Trim('[', ']');
                packets[name] = [];
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                packets[name] = [.. packets[name], .. Bytes(line)];
            }
        }

        return packets;
    }

    private static byte[] Bytes(string line) =>
        line.StartsWith("00*", StringComparison.Ordinal) ? new byte[int.Parse(line.AsSpan(3), CultureInfo.InvariantCulture)] : Convert.FromHexString(line);
}
