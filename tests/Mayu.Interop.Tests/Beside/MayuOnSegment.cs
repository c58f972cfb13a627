using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Beside;

/// <summary>`mayu serve` on a segment of its own, configured as docs/external.md says.</summary>
internal sealed class MayuOnSegment : IAsyncDisposable
{
    private MayuOnSegment(Segment segment)
    {
        Segment = segment;
        Mayu = new MayuServer(segment.Mayu, "10.77.0.1");
    }

    public Segment Segment { get; }

    public MayuServer Mayu { get; }

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
    public static async Task<MayuOnSegment> PrepareAsync(string configuration, bool isRelayed = false)
    {
        var wire = new MayuOnSegment(await Segment.BuildAsync(isRelayed));
        await wire.Mayu.ConfigureAsync(configuration);
        await wire.Mayu.AddRunningMachineAsync("10.77.0.20");
        return wire;
    }

    public Task StartMayuAsync(params string[] settings) => Mayu.StartAsync([.. settings.SelectMany(setting => new[] { "--set", setting })]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Mayu.DisposeAsync();
        await Segment.DisposeAsync();
    }
}
