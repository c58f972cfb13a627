namespace Mayu.Netboot.Tests.Files;

/// <summary>More than 500 names of files that nobody may have, with what a request may have in place of a name as well.</summary>
internal static class HostileNames
{
    /// <summary>All of them, a byte a character. The file <c>secret</c> lies beside the root, and <c>/etc/passwd</c> is there as well.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Ways().Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> Ways()
    {
        string[] targets = ["secret", "etc/passwd", "etc/shadow", "proc/self/mem", "proc/self/environ", "dev/zero", "dev/mem", "root/.ssh/id_rsa"];
        string[] ups = ["../", "..\\", "/../", "./../", "folder/../../", ".../", "....//", "..;/", "%2e%2e/", "%2e%2e%2f", "..%2f", "..%5c", "%252e%252e%252f",
            "..%c0%af", "..%ef%bc%8f", "..\u00c0\u00af", "\u00c0\u00ae\u00c0\u00ae/", "..\u0001/", "..\u007f/", "~/", "~root/", "file:///", "http://127.0.0.1/"];
        foreach (var (target, up) in targets.SelectMany(target => ups.Select(up => (target, up))))
        {
            yield return up + target;
            yield return up + up + up + target;
        }

        foreach (var target in targets)
        {
            yield return "/" + target;
            yield return "//" + target;
            yield return "\\" + target;
            yield return "C:\\" + target;
            yield return "\\\\host\\share\\" + target;
            yield return "link-out/" + target;
            yield return "link-root/" + target;
            yield return target + "\n";
            yield return target + " ";
            yield return "\t" + target;
            yield return "good\u001b[2J/../" + target;
        }

        // Links of every kind that lead out, folders, and what is no file.
        string[] links = ["link-secret", "link-absolute", "link-out/secret", "link-out/root/../secret", "link-root/etc/passwd", "link-chain", "link-self", "link-proc",
            "fifo", "folder", "folder/", "folder/.", ".", "./", "/", "//", "///", "..", "../", "/..", "/../", "folder/..", "folder/../..", "good/", "good/.", "good/..", "good/x"];
        foreach (var link in links)
        {
            yield return link;
        }

        // Every control character and every byte beyond ASCII, in a name that would be good without it.
        for (var c = 1; c < 256; c++)
        {
            if (c is < 0x20 or > 0x7E)
            {
                yield return "go" + (char)c + "od";
            }
        }

        // Overlong: as long as a request can be, deep, and with names longer than a file system takes.
        yield return new string('a', 480);
        yield return new string('/', 480);
        yield return string.Concat(Enumerable.Repeat("a/", 240));
        yield return string.Concat(Enumerable.Repeat("../", 160));
        yield return string.Concat(Enumerable.Repeat("./", 200)) + "../secret";
        yield return new string('a', 256);
        yield return "folder/" + new string('b', 300);
    }
}
