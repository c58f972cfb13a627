using Mayu.Lab.Rack;
using Mayu.Lab.Server;

namespace Mayu.Lab.Demo;

/// <summary>Lays out a rack, starts the server, switches the machines on, and shows their progress.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="view">Shows the progress.</param>
/// <param name="output">Where all else goes.</param>
/// <param name="width">The terminal's width, in columns; null where a person does not watch.</param>
internal sealed class DemoRun(DemoOptions options, IRackView view, TextWriter output, int? width)
{
    /// <returns>What the program is to leave with: 0 only if all machines ran.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var folder = DemoFolders.Prepare(options);
        await using var rack = await VirtualRack.StartAsync(
            new RackOptions { WorkFolder = folder, KeepWorkFolder = options.Keep }, cancellation);
        await using var server = await LabServer.StartAsync(
            rack,
            new LabServerOptions { Mayu = options.Mayu, Mayuctl = options.Mayuctl, InfoPusher = options.InfoPusher, Images = options.Images, Engine = options.Engine },
            cancellation);
        await output.WriteLineAsync($"Rack {rack.Name}: mayu is running on {rack.Options.Address} ({Path.GetRelativePath(".", server.LogFile)})");
        foreach (var spec in RackPlan.Lay(options.Machines, options.Firmware))
        {
            var machine = await rack.AddMachineAsync(spec, cancellation);
            await machine.PowerOnAsync();
        }

        var watch = new RackWatch(rack, server);
        await WatchUntilDecidedAsync(watch, cancellation);
        var report = new DemoReport(rack, server, output, width);
        if (!watch.AllRun)
        {
            await report.WriteFailureAsync(watch, cancellation);
        }

        await report.WriteEndAsync(watch, options, cancellation);
        if (!options.Once)
        {
            await StayAsync(watch, cancellation);
        }

        return watch.AllRun ? 0 : 1;
    }

    private Task WatchUntilDecidedAsync(RackWatch watch, CancellationToken cancellation) => view.WatchAsync(async () =>
        watch.IsDecided || watch.Elapsed > options.Timeout ? null : await watch.NextAsync(cancellation));

    /// <summary>Goes on telling changes, so that what is tried from another terminal is seen here.</summary>
    private async Task StayAsync(RackWatch watch, CancellationToken cancellation)
    {
        try
        {
            await new LineView(output, watch.Lines, width).WatchAsync(async () => await watch.NextAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            await output.WriteLineAsync("Stopping the rack.");
        }
    }
}
