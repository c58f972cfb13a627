using System.Text;
using Mayu.Primitives;

namespace Mayu.InfoPusher.Facts;

/// <summary>Reads the processors from <c>/proc/cpuinfo</c>.</summary>
internal static class CpuReader
{
    /// <summary>1.5 KiB a thread on x86, so far beyond the largest machine.</summary>
    private const int Limit = 16 << 20;

    /// <summary>What is there, or null without a <c>/proc/cpuinfo</c> that names a processor.</summary>
    public static CpuFacts? Read(HostFiles files)
    {
        var text = files.Bytes("proc/cpuinfo", Limit) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
        string? model = null;
        string? package = null;
        var packages = new HashSet<string>(StringComparer.Ordinal);
        var cores = new HashSet<(string?, string)>();
        var threads = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon < 0)
            {
                continue;
            }

            var value = line[(colon + 1)..].Trim();
            switch (line[..colon].TrimEnd())
            {
                case "processor":
                    threads++;
                    break;
                case "model name":
                    model ??= CleanText.From(value.ToString());
                    break;
                case "physical id":
                    package = value.ToString();
                    packages.Add(package);
                    break;
                case "core id":
                    cores.Add((package, value.ToString()));
                    break;
            }
        }

        // arm64 and some virtual machines tell neither packages nor cores.
        return threads == 0 ? null : new CpuFacts
        {
            Model = model,
            Sockets = Math.Max(1, packages.Count),
            Cores = cores.Count > 0 ? cores.Count : threads,
            Threads = threads,
        };
    }
}
