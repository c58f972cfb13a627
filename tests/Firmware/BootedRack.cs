using System.Diagnostics;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Lab;
using Mayu.Lab.Rack;
using Mayu.Lab.Server;

namespace Mayu.Firmware.Tests;

/// <summary>A rack with the real server, and the waiting that stories about machines need.</summary>
internal sealed class BootedRack : IAsyncDisposable
{
    /// <summary>A whole installation takes about 60 s alone on one of these processors; several run at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private BootedRack(VirtualRack rack, LabServer server)
    {
        Rack = rack;
        Server = server;
    }

    public VirtualRack Rack { get; }

    public LabServer Server { get; }

    public MayuClient Api => Server.Api;

    public static async Task<BootedRack> StartAsync(Func<LabServerOptions, LabServerOptions>? adjust = null)
    {
        var options = new LabServerOptions
        {
            Mayu = LabFiles.Mayu,
            Mayuctl = LabFiles.Mayuctl,
            InfoPusher = LabFiles.InfoPusher,
            Images = LabFiles.Images,
        };
        var rack = await VirtualRack.StartAsync(new RackOptions());
        try
        {
            return new BootedRack(rack, await LabServer.StartAsync(rack, adjust?.Invoke(options) ?? options));
        }
        catch
        {
            await rack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts a machine in and switches it on.</summary>
    public async Task<RackMachine> BootAsync(MachineSpec spec)
    {
        var machine = await Rack.AddMachineAsync(spec);
        await machine.PowerOnAsync();
        return machine;
    }

    /// <summary>What the server says of a machine; null before it was seen.</summary>
    public async Task<Machine?> AskAsync(string serial)
    {
        var answer = await Api.GetMachineAsync(serial);
        return answer.TryGet(out var machine, out var failure) ? machine
            : failure.Kind == ApiFailureKind.NotFound ? null
            : throw new LabException(Server.Failure() ?? $"{failure.Title}: {failure.Detail}");
    }

    public Task<Machine> WaitUntilRunningAsync(RackMachine machine) =>
        WaitAsync(machine, "run", known => known.State == MachineStates.Running);

    /// <summary>Waits until the server says something of a machine.</summary>
    /// <exception cref="LabException">It did not in time; the message says where the machine stands.</exception>
    public async Task<Machine> WaitAsync(RackMachine machine, string what, Func<Machine, bool> isThere, TimeSpan? patience = null)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var known = await AskAsync(machine.Serial);
            if (known is not null && isThere(known))
            {
                return known;
            }

            if ((Server.Failure() ?? machine.Failure()) is { } failure)
            {
                throw new LabException(failure);
            }

            if (clock.Elapsed > (patience ?? Patience))
            {
                throw new LabException(
                    $"{machine.Serial} did not {what} within {clock.Elapsed.TotalSeconds:0} s: state {known?.State ?? "never seen"}, "
                    + $"hop {known?.Hop?.Name} {known?.Hop?.Detail}, problem {known?.Problem?.Reason ?? "none"}\n"
                    + $"console:\n{machine.Console.Tail(25)}\nmayu:\n{LogTail.Read(Server.LogFile)}");
            }

            await Task.Delay(Interval);
        }
    }

    /// <summary>The states a machine went through, in their order, as the git repository has them.</summary>
    public async Task<IReadOnlyList<string>> StatesAsync(string serial)
    {
        string[] git = ["-c", "safe.directory=*", "-C", Server.ClusterFolder];
        var file = $"{serial}/conf.json";
        var log = (await Tool.RunAsync("git", [.. git, "log", "--reverse", "--format=%H", "--", file])).OrThrow();
        List<string> states = [];
        foreach (var commit in log.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var record = (await Tool.RunAsync("git", [.. git, "show", $"{commit}:{file}"])).OrThrow().Output;
            var state = RecordedState.Of(record);
            if (states.Count == 0 || states[^1] != state)
            {
                states.Add(state);
            }
        }

        return states;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Rack.DisposeAsync();
    }
}
