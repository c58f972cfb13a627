using Mayu.Client.Contracts;

namespace Mayu.Ctl.Report;

/// <summary>What a machine's own files say of it: <c>/etc/os-release</c>, and what the configs of the first Mayu wrote, <c>/etc/mayu-env</c> and <c>/etc/yochu-env</c>.</summary>
internal sealed class HostEnvironment
{
    private const int MaxLength = 64 << 10;

    // The first file that has a key holds.
    private static readonly string[] Files = ["etc/mayu-env", "etc/yochu-env", "etc/os-release"];

    private static readonly (string Key, string Name)[] Versions =
    [
        ("MAYU_VERSION", "Mayu"), ("DOCKER_VERSION", "Docker"), ("ETCD_VERSION", "Etcd"), ("FLEET_VERSION", "Fleet"), ("RKT_VERSION", "Rkt"), ("K8S_VERSION", "K8s"),
        ("YOCHU_VERSION", "Yochu"),
    ];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly string? _kernel;

    private HostEnvironment(string root)
    {
        foreach (var line in Files.SelectMany(file => (Read(Path.Combine(root, file)) ?? "").Split('\n')))
        {
            if (TryParse(line, out var key, out var value))
            {
                _values.TryAdd(key, value);
            }
        }

        _kernel = Read(Path.Combine(root, "proc/sys/kernel/osrelease"))?.Trim();
    }

    /// <summary>The machine's serial, or null.</summary>
    public string? Serial => Value("SERIAL");

    /// <summary>Reads the files.</summary>
    /// <param name="root">The folder that has <c>etc</c>: <c>/</c> on a real machine.</param>
    public static HostEnvironment Of(string root) => new(root);

    /// <summary>What a machine reports when its system runs.</summary>
    public BootCompleteReport ToReport()
    {
        var versions = Versions.Where(it => Value(it.Key) is not null).ToDictionary(it => it.Name, it => Value(it.Key)!, StringComparer.Ordinal);
        if ($"{Value("NAME")} {Value("VERSION_ID") ?? Value("VERSION")}".Trim() is { Length: > 0 } system)
        {
            versions["OS"] = system;
        }

        if (_kernel is { Length: > 0 })
        {
            versions["Kernel"] = _kernel;
        }

        return new BootCompleteReport { InstallId = Value("INSTALL_ID"), Versions = versions };
    }

    private string? Value(string key) => _values.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    /// <summary>A line as systemd's EnvironmentFile and os-release(5) have it: <c>KEY=value</c>, the value in quotes or not.</summary>
    private static bool TryParse(string line, out string key, out string value)
    {
        const string Export = "export ";
        line = line.Trim();
        line = line.StartsWith(Export, StringComparison.Ordinal) ? line[Export.Length..] : line;
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        (key, value) = equals > 0 ? (line[..equals].TrimEnd(), line[(equals + 1)..].TrimStart()) : ("", "");
        value = value is ['"' or '\'', .., var end] && end == value[0] ? value[1..^1] : value;
        return key.Length > 0 && line[0] != '#';
    }

    // The kernel's own files tell no length.
    private static string? Read(string path)
    {
        try
        {
            var buffer = new char[MaxLength];
            using var file = new StreamReader(path);
            return new string(buffer, 0, file.ReadBlock(buffer));
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            // Most machines have only one of them.
            return null;
        }
    }
}
