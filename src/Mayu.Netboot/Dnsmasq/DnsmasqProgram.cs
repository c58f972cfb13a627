using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Mayu.Linux.Files;
using Mayu.Linux.Processes;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// The program on the disk, and how it is called: as a user without rights but the three that it needs for its ports and its interface, in
/// a session of its own (Ctrl-C is for Mayu), and ended by the kernel when Mayu dies, however it dies. It is that user from its first
/// instruction on: a program that drops its rights itself loses the kernel's promise with them.
/// </summary>
internal sealed partial class DnsmasqProgram
{
    private const string Capabilities = "-all,+net_bind_service,+net_admin,+net_raw";
    private static readonly TimeSpan TestPatience = TimeSpan.FromSeconds(10);
    private static readonly string[] SystemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

    private readonly string _path;
    private readonly string _setsid;
    private readonly string _setpriv;
    private readonly SystemUser? _user;

    private DnsmasqProgram(string path, string setsid, string setpriv, SystemUser? user) => (_path, _setsid, _setpriv, _user) = (path, setsid, setpriv, user);

    /// <summary>The user it runs as; null: as this process does, which is not root.</summary>
    public SystemUser? User => _user;

    /// <summary>Finds the program and its user.</summary>
    /// <param name="settings">What they are called.</param>
    /// <param name="program">The program.</param>
    /// <param name="problem">What is missing, as a sentence that says what to do.</param>
    public static bool TryFind(DnsmasqSettings settings, [NotNullWhen(true)] out DnsmasqProgram? program, [NotNullWhen(false)] out string? problem)
    {
        program = null;
        if (Find(settings.Program) is not { } path)
        {
            problem = $"engine dnsmasq: there is no program {settings.Program}. Install Debian's package dnsmasq-base, or set dnsmasq.program to its path";
            return false;
        }

        if (Find("setsid") is not { } setsid || Find("setpriv") is not { } setpriv)
        {
            problem = "engine dnsmasq: it needs setsid and setpriv; install Debian's package util-linux";
            return false;
        }

        // Who is not root cannot become somebody else, and need not.
        var user = Environment.IsPrivilegedProcess ? SystemUser.Find(settings.User) : null;
        if (Environment.IsPrivilegedProcess && user is not { Id: not 0 })
        {
            problem = user is null
                ? $"engine dnsmasq: there is no user {settings.User}; set dnsmasq.user to an existing user"
                : $"engine dnsmasq: dnsmasq must not run as {settings.User}; set dnsmasq.user to an unprivileged user";
            return false;
        }

        program = new DnsmasqProgram(path, setsid, setpriv, user);
        problem = null;
        return true;
    }

    /// <summary>Has dnsmasq check the syntax of a configuration.</summary>
    /// <returns>What is wrong, as <c>line 7: bad option "…"</c>; null when nothing is.</returns>
    public string? Check(string file)
    {
        using var process = Process.Start(Quiet(_path, ["--test", $"--conf-file={file}"]))!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TestPatience))
        {
            process.Kill();
            return $"{_path} --test did not finish";
        }

        return process.ExitCode == 0 ? null : Explain(file, $"{errors.Result}{output.Result}".Trim());
    }

    /// <summary>How it is started. The process becomes dnsmasq: its id is known from the beginning.</summary>
    public ProcessStartInfo StartWith(string configuration)
    {
        string[] user = _user is null ? [] : ["--reuid", $"{_user.Id}", "--regid", $"{_user.GroupId}", "--clear-groups"];
        return Quiet(_setsid,
        [
            _setpriv, .. user, "--no-new-privs", "--inh-caps", Capabilities, "--ambient-caps", Capabilities, "--bounding-set", Capabilities,
            "--pdeathsig", "KILL", _path, "--keep-in-foreground", .. ArgumentsWith(configuration),
        ]);
    }

    /// <summary>The argument by which a process is known as ours.</summary>
    public static string[] ArgumentsWith(string configuration) => [$"--conf-file={configuration}"];

    // "dnsmasq: bad option at line 7 of /…/dnsmasq.conf"
    private static string Explain(string file, string said)
    {
        var place = Place().Match(said);
        if (!place.Success || !int.TryParse(place.Groups["line"].ValueSpan, out var number))
        {
            return said;
        }

        var line = BoundedFile.ReadText(file, DnsmasqFolder.LargestFile).Split('\n').Skip(number - 1).FirstOrDefault() ?? "";
        return $"line {number}: {place.Groups["problem"].Value}: {line}";
    }

    private static string? Find(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return File.Exists(name) ? Path.GetFullPath(name) : null;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathRooted);
        return folders.Concat(SystemFolders).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    private static ProcessStartInfo Quiet(string file, IEnumerable<string> arguments) => new(file, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
        WorkingDirectory = "/",
    };

    [GeneratedRegex(@"dnsmasq: (?<problem>.*) at line (?<line>\d{1,6}) of ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
