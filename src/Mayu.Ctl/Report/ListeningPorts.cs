using System.Globalization;

namespace Mayu.Ctl.Report;

/// <summary>Which ports of this host are listened on, and by whom: proc(5), <c>/proc/net</c> and the files that processes have open. Nothing is opened but files.</summary>
internal static class ListeningPorts
{
    // Of a host with more sockets, or processes, the rest is not looked at.
    private const int MostLines = 65_536;
    private const int MostProcesses = 32_768;
    private const int LongestName = 64;

    private const string Listening = "0A";

    private static readonly (string File, string Protocol)[] Tables = [("tcp", "tcp"), ("tcp6", "tcp"), ("udp", "udp"), ("udp6", "udp")];

    /// <summary>Looks at some ports.</summary>
    /// <param name="root">The folder that has <c>proc</c>: <c>/</c> on a real host.</param>
    /// <param name="ports">The ports, each with <c>tcp</c> or <c>udp</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Those that are listened on, each once.</returns>
    public static IReadOnlyList<PortHolder> Of(string root, IReadOnlyCollection<(string Protocol, int Port)> ports, CancellationToken cancellation)
    {
        var proc = Path.Combine(root, "proc");
        var sockets = Tables.SelectMany(table => Sockets(Path.Combine(proc, "net", table.File), table.Protocol)).Where(socket => ports.Contains((socket.Protocol, socket.Port))).ToList();
        if (sockets.Count == 0)
        {
            return [];
        }

        var owners = Owners(proc, [.. sockets.Select(socket => $"socket:[{socket.Inode}]")], cancellation);
        return
        [
            .. from socket in sockets
               let owner = owners.TryGetValue($"socket:[{socket.Inode}]", out var found) ? found : ((string Program, int Process)?)null
               group owner by (socket.Protocol, socket.Port) into alike
               let known = alike.FirstOrDefault(owner => owner is not null)
               select new PortHolder(alike.Key.Protocol, alike.Key.Port, known?.Program, known?.Process),
        ];
    }

    private static IEnumerable<(string Protocol, int Port, string Inode)> Sockets(string file, string protocol) =>
        from line in Read(file)
        let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where words.Length > 9 && (protocol == "udp" || words[3] == Listening)
        let colon = words[1].LastIndexOf(':')
        where colon >= 0 && int.TryParse(words[1].AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out _)
        select (protocol, int.Parse(words[1].AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture), words[9]);

    private static Dictionary<string, (string Program, int Process)> Owners(string proc, HashSet<string> sockets, CancellationToken cancellation)
    {
        var owners = new Dictionary<string, (string, int)>(StringComparer.Ordinal);
        foreach (var folder in Entries(proc).Take(MostProcesses))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                continue;
            }

            foreach (var target in Entries(Path.Combine(folder, "fd")).Take(MostLines).Select(TargetOf).OfType<string>().Where(sockets.Contains))
            {
                owners.TryAdd(target, (NameOf(folder), process));
            }
        }

        return owners;
    }

    private static string NameOf(string folder) =>
        Read(Path.Combine(folder, "comm")).FirstOrDefault() is { Length: > 0 } name ? name[..Math.Min(name.Length, LongestName)] : "a process";

    private static List<string> Read(string file)
    {
        try
        {
            return [.. File.ReadLines(file).Take(MostLines)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is not there (no IPv6), or has ended.
            return [];
        }
    }

    private static List<string> Entries(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Of another user, or has ended.
            return [];
        }
    }

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
