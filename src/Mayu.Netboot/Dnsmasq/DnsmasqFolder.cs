using System.Diagnostics.CodeAnalysis;
using Mayu.Linux.Processes;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// The engine's folder below <c>data_dir</c>. Everything in it is this server's and readable for all; dnsmasq itself
/// may write below <c>run</c> only.
/// </summary>
/// <param name="path">The folder, absolute.</param>
internal sealed class DnsmasqFolder(string path)
{
    // Whatever the umask of this process is: dnsmasq runs as somebody else, and there is no secret in its files.
    private const UnixFileMode ReadableForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The most bytes of a file here that is read back: a line for each of a hundred thousand machines.</summary>
    public const int LargestFile = 64 << 20;

    /// <summary>The folder itself.</summary>
    public string Path => path;

    /// <summary>
    /// The configuration that dnsmasq runs with as a server, or as a proxy. Its absolute path on a command line is what tells our dnsmasq from
    /// others.
    /// </summary>
    public string ConfigurationOf(bool isProxy) => Of(isProxy ? "dnsmasq-proxy.conf" : "dnsmasq.conf");

    /// <summary>A configuration that dnsmasq refused, for an operator to look at.</summary>
    public string Rejected => Of("dnsmasq.conf.rejected");

    /// <summary>What a server, or a proxy, knows of single clients (<c>dhcp-hostsfile</c>); read again on SIGHUP.</summary>
    public string HostsOf(bool isProxy) => Of(isProxy ? "hosts-proxy" : "hosts");

    /// <summary>Which process is our dnsmasq.</summary>
    public string ProcessId => Of("pid");

    /// <summary>What TFTP serves: links.</summary>
    public string Tftp => Of("tftp");

    /// <summary>What dnsmasq itself writes.</summary>
    public string Run => Of("run");

    /// <summary>Its leases.</summary>
    public string Leases => System.IO.Path.Combine(Run, "leases");

    /// <summary>Makes what is missing, and hands over to the user what he writes.</summary>
    /// <param name="user">The user; null where dnsmasq runs as this process does.</param>
    /// <param name="problem">What is wrong, as a sentence that names it.</param>
    public bool TryPrepare(SystemUser? user, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            foreach (var folder in new[] { path, Tftp, Run })
            {
                Directory.CreateDirectory(folder);
                File.SetUnixFileMode(folder, ReadableForAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            }

            if (user is not null)
            {
                user.Own(Run);
                if (File.Exists(Leases))
                {
                    user.Own(Leases);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"the folder of the engine dnsmasq, {path}, cannot be created: {e.Message}";
            return false;
        }

        problem = user is null ? null : ClosedAbove(path, user.Name);
        return problem is null;
    }

    /// <summary>Writes a file as a whole, or not at all; dnsmasq never sees half of one.</summary>
    public static void Write(string file, string text)
    {
        var next = file + ".new";
        File.WriteAllText(next, text);
        File.SetUnixFileMode(next, ReadableForAll);
        File.Move(next, file, overwrite: true);
    }

    /// <summary>Says which folder keeps a user from a path; null when none does.</summary>
    public static string? ClosedAbove(string path, string user)
    {
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
        {
            if (folder.Exists && !folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return $"{folder.FullName} cannot be entered by the user {user} that dnsmasq runs as, which needs {path}. Allow it: chmod o+x {folder.FullName}";
            }
        }

        return null;
    }

    private string Of(string name) => System.IO.Path.Combine(path, name);
}
