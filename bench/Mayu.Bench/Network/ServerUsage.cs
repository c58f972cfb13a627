using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using Mayu.Lab;

namespace Mayu.Bench.Network;

/// <summary>What the kernel counted for processes.</summary>
/// <param name="Cpu">Processor time of all their threads, of those that ended too.</param>
/// <param name="PeakBytes">The most memory each had resident, summed up; what processes share counts for each.</param>
/// <param name="ResidentBytes">The memory each has resident now, summed up.</param>
/// <param name="OpenFiles">How many files, sockets and the like they have open.</param>
internal sealed partial record ServerUsage(TimeSpan Cpu, long PeakBytes, long ResidentBytes, int OpenFiles)
{
    /// <param name="processes">Their ids.</param>
    public static ServerUsage Of(IEnumerable<string> processes)
    {
        var (cpu, peak, resident, files) = (TimeSpan.Zero, 0L, 0L, 0);
        foreach (var process in processes)
        {
            cpu += CpuOf(int.Parse(process, CultureInfo.InvariantCulture));
            var status = File.ReadAllLines($"/proc/{process}/status");
            peak += BytesOf(status, "VmHWM");
            resident += BytesOf(status, "VmRSS");
            files += Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count();
        }

        return new ServerUsage(cpu, peak, resident, files);
    }

    /// <summary>A size out of proc_pid_status(5): <c>VmHWM</c>, <c>VmRSS</c>.</summary>
    internal static long BytesOf(IEnumerable<string> status, string name) =>
        status.Where(line => line.StartsWith(name + ":", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024)
            .FirstOrDefault();

    // /proc/PID/stat counts the same in steps of 10 ms, which is more than a peer may need for all its work.
    private static TimeSpan CpuOf(int process)
    {
        var error = ClockOf(process, out var clock);
        if (error != 0)
        {
            throw new LabException($"process {process} has no clock", new Win32Exception(error));
        }

        return GetTime(clock, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : throw new LabException($"the processor time of process {process} cannot be read", new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int ClockOf(int process, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out UnixTime time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct UnixTime(long Seconds, long Nanoseconds);
}
