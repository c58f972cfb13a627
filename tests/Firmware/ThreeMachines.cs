using Mayu.Client.Contracts;
using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

/// <summary>The demo's rack, brought up once: two BIOS machines that try the network first, a UEFI machine that tries its disk first.</summary>
public sealed class ThreeMachines : IAsyncLifetime
{
    private BootedRack? _booted;

    /// <summary>What the server said of each machine when the last one ran, by serial.</summary>
    public IReadOnlyDictionary<string, Machine> Known { get; private set; } = new Dictionary<string, Machine>();

    /// <summary>The states each machine went through until the last one ran, by serial.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> States { get; private set; } = new Dictionary<string, IReadOnlyList<string>>();

    internal BootedRack Booted => _booted ?? throw new InvalidOperationException("the rack is not up");

    internal RackMachine this[string serial] => Booted.Rack.Machines.Single(machine => machine.Serial == serial);

    public async ValueTask InitializeAsync()
    {
        _booted = await BootedRack.StartAsync();
        try
        {
            var machines = await Task.WhenAll(
                await BootInOrderAsync(MachineSpec.Numbered(1)),
                await BootInOrderAsync(MachineSpec.Numbered(2)),
                await BootInOrderAsync(MachineSpec.Numbered(3) with { Firmware = Lab.Rack.Firmware.Uefi, BootOrder = BootOrder.DiskFirst }));
            Known = machines.ToDictionary(machine => machine.Serial);
            var states = new Dictionary<string, IReadOnlyList<string>>();
            foreach (var serial in Known.Keys)
            {
                states[serial] = await _booted.StatesAsync(serial);
            }

            States = states;
        }
        catch
        {
            await _booted.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_booted is not null)
        {
            await _booted.DisposeAsync();
        }
    }

    /// <summary>Switches a machine on, and returns the wait until it runs.</summary>
    private async Task<Task<Machine>> BootInOrderAsync(MachineSpec spec) =>
        Booted.WaitUntilRunningAsync(await Booted.BootAsync(spec));
}
