namespace Mayu.Interop.Tests.Beside;

/// <summary>`mayu serve` on a segment of its own, configured as docs/external.md says.</summary>
internal sealed class MayuOnSegment : IAsyncDisposable
{
    /// <summary>The MAC of a machine that is known and runs.</summary>
    public static readonly byte[] RunningMac = [2, 0, 0, 0, 0, 0x99];

    private readonly string _configuration;
    private RunningProgram? _mayu;

    private MayuOnSegment(Segment segment, string configuration) => (Segment, _configuration) = (segment, configuration);

    public Segment Segment { get; }

    /// <summary>A folder for the servers' files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("mayu-beside-").FullName;

    public RunningProgram Mayu => _mayu ?? throw new InvalidOperationException("mayu is not started");

    /// <summary>Makes the segment and starts the server there.</summary>
    /// <param name="configuration">The configuration file.</param>
    /// <param name="settings">What is set besides: `key=value`.</param>
    public static async Task<MayuOnSegment> StartAsync(string configuration, params string[] settings)
    {
        var wire = await PrepareAsync(configuration);
        await wire.StartMayuAsync(settings);
        return wire;
    }

    /// <summary>Makes the segment; the server comes later.</summary>
    public static async Task<MayuOnSegment> PrepareAsync(string configuration) => new(await Segment.BuildAsync(), configuration);

    public async Task StartMayuAsync(params string[] settings)
    {
        var file = Path.Combine(Folder, "config.yaml");
        await File.WriteAllTextAsync(file, _configuration);
        var machine = Path.Combine(Folder, "data", "cluster", "running-1");
        Directory.CreateDirectory(machine);
        await File.WriteAllTextAsync(Path.Combine(machine, "conf.json"), """
            {"Serial": "running-1", "State": "running", "Profile": "default", "MacAddresses": ["02:00:00:00:00:99"], "InternalAddr": "10.77.0.20"}
            """);
        string[] all = [$"data_dir={Folder}/data", .. settings];
        _mayu = await RunningProgram.StartAsync(
            Segment.Mayu,
            ": ready",
            [Path.Combine(AppContext.BaseDirectory, "mayu"), "serve", "--config", file, .. all.SelectMany(setting => new[] { "--set", setting })]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_mayu is not null)
        {
            await _mayu.DisposeAsync();
        }

        await Segment.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
