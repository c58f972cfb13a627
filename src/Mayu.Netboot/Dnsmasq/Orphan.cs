using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Mayu.Linux.Files;
using Mayu.Linux.Processes;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// Remembers in a file which process is our dnsmasq, and ends one that an earlier Mayu left. It is certainly ours when its command
/// line names our configuration by its full path, and nobody's any more when the process that started it is gone.
/// </summary>
/// <param name="folder">The engine's folder.</param>
internal sealed class Orphan(DnsmasqFolder folder)
{
    private const int LongestId = 64;
    private const int LongestCommand = 4 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Remembers a child.</summary>
    public void Remember(int child) => DnsmasqFolder.Write(folder.ProcessId, $"{child}\n");

    /// <summary>There is no child any more.</summary>
    public void Forget() => File.Delete(folder.ProcessId);

    /// <summary>Whether a process was stopped by a signal, and not ended.</summary>
    public static bool IsStopped(int id) => FieldsOf(id) is ["T", ..];

    /// <summary>Ends the orphan, if there is one.</summary>
    /// <param name="problem">Why it was left alive: another Mayu watches over it.</param>
    public bool TryEnd([NotNullWhen(false)] out string? problem)
    {
        problem = null;
        // The handle first: what is looked at afterwards is the process that the signal will go to.
        if (ReadId() is not { } id || ProcessHandle.Open(id) is not { } process)
        {
            return true;
        }

        using (process)
        {
            if (!IsOurs(id))
            {
                return true;
            }

            if (ParentOf(id) is { } parent && IsMayu(parent))
            {
                problem = $"engine dnsmasq: another mayu, process {parent}, uses {folder.Path}; give each its own data_dir";
                return false;
            }

            process.Signal(ProcessHandle.Terminate);
            if (!process.WaitForEnd(Patience))
            {
                process.Signal(ProcessHandle.Kill);
                process.WaitForEnd(Patience);
            }

            return true;
        }
    }

    private bool IsOurs(int id) => Arguments(id).Any(
        argument => argument == DnsmasqProgram.ArgumentsWith(folder.ConfigurationOf(isProxy: false))[0]
            || argument == DnsmasqProgram.ArgumentsWith(folder.ConfigurationOf(isProxy: true))[0]);

    private int? ReadId()
    {
        try
        {
            return int.TryParse(BoundedFile.ReadText(folder.ProcessId, LongestId).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 1 ? id : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsMayu(int id) => Arguments(id) is [var program, ..] && Path.GetFileName(program) is "mayu";

    private static int? ParentOf(int id)
    {
        var fields = FieldsOf(id);
        return fields.Length > 1 && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent) ? parent : null;
    }

    // The name in it, in parentheses, may hold anything; the fields stand behind the last one: the first is the state, the second the parent.
    private static string[] FieldsOf(int id)
    {
        var text = Encoding.ASCII.GetString(ReadProc(id, "stat"));
        return text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string[] Arguments(int id) => Encoding.UTF8.GetString(ReadProc(id, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static byte[] ReadProc(int id, string file)
    {
        try
        {
            return BoundedFile.ReadBytes($"/proc/{id}/{file}", LongestCommand);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
